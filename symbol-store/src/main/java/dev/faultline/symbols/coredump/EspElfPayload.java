package dev.faultline.symbols.coredump;

import dev.faultline.symbols.arch.Architecture;
import dev.faultline.symbols.arch.RiscV;
import dev.faultline.symbols.arch.Xtensa;
import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.elf.ElfHeader;
import dev.faultline.symbols.elf.Machine;
import dev.faultline.symbols.elf.Segment;
import dev.faultline.symbols.index.AddressRange;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The ELF payload of an ESP-IDF coredump: an ELF32 core with notes of its own. */
final class EspElfPayload {
    static final String INFORMATION = "ESP_CORE_DUMP_INFO";

    private static final int HEADER_BYTES = 52;
    private static final int OWNER_BYTES = 64;
    private static final int PRSTATUS_ID = 24;
    private static final int PRSTATUS_REGISTERS = 72;
    private static final RegisterList XTENSA =
            RegisterList.of(4, "pc ps lbeg lend lcount sar windowstart windowbase reserved0-reserved55 a0-a15");
    private static final RegisterList RISC_V = RegisterList.of(4, "pc ra sp gp tp t0-t2 s0 s1 a0-a7 s2-s11 t3-t6");
    private static final int EXCCAUSE = 232;
    private static final int EXCVADDR = 238;

    /** In place of the address of a task that the device could not tell. */
    private static final long NO_TASK = 0xdead_beefL;

    private final ByteReader in;
    private final long place;
    private final Limits limits;
    private final List<String> warnings;
    private final Architecture architecture;
    private final List<DumpThread> threads = new ArrayList<>();
    private final List<Memory.Region> memory = new ArrayList<>();
    private OptionalLong cause = OptionalLong.empty();
    private OptionalLong value = OptionalLong.empty();
    private @Nullable String details;
    private @Nullable String fileHash;
    private Optional<EspChip> chip = Optional.empty();

    private record Note(String owner, ByteReader description) {}

    /** Whether an ELF core is one of ESP-IDF: nothing else crashes on Xtensa so, and on RISC-V a note says it. */
    static boolean begins(ByteReader file) {
        if (!ElfHeader.begins(file)
                || file.size() < HEADER_BYTES
                || file.seek(4).u8() != 1) {
            return false;
        }
        int type = file.seek(16).u16();
        int machine = file.u16();
        if (type != ElfHeader.ET_CORE || (machine != Machine.EM_XTENSA && machine != Machine.EM_RISCV)) {
            return false;
        }
        if (machine == Machine.EM_XTENSA) {
            return true;
        }
        try {
            var core = new EspElfPayload(file.copy(), 0, new ArrayList<>(), Limits.DEFAULT);
            return core.headers().stream()
                    .filter(header -> header.type() == Segment.PT_NOTE)
                    .flatMap(header -> core.notes(header).stream())
                    .anyMatch(note -> note.owner().equals(INFORMATION));
        } catch (FormatException broken) {
            return false; // the next format says what is wrong with it
        }
    }

    /**
     * Reads all of a region.
     *
     * @param place where it begins in the coredump
     */
    static Coredump read(
            ByteReader in, long place, String format, EspPanic console, List<String> warnings, Limits limits) {
        return new EspElfPayload(in, place, warnings, limits).coredump(format, console);
    }

    private EspElfPayload(ByteReader in, long place, List<String> warnings, Limits limits) {
        this.in = in;
        this.place = place;
        this.warnings = warnings;
        this.limits = limits;
        var header = in.copy().seek(0).take("ELF header", Math.min(HEADER_BYTES, in.size()));
        if (!ElfHeader.begins(header.copy())) {
            throw header.error("the payload is no ELF file");
        }
        int machine = header.seek(18).u16();
        this.architecture = switch (machine) {
            case Machine.EM_XTENSA -> new Xtensa();
            case Machine.EM_RISCV -> new RiscV(4);
            default ->
                throw header.error(
                        "e_machine %d (%s); wanted xtensa (94) or riscv (243)", machine, Machine.name(machine));
        };
    }

    private List<Segment> headers() {
        var header = in.copy().seek(0).take("ELF header", Math.min(HEADER_BYTES, in.size()));
        long offset = header.seek(28).u32();
        int entrySize = header.seek(42).u16();
        int count = Limits.checkCount(header, "e_phnum", header.u16(), limits.segments());
        if (count > 0 && entrySize != Segment.SIZE_32) {
            throw header.error("e_phentsize %d; wanted %d", entrySize, Segment.SIZE_32);
        }
        var headers = new ArrayList<Segment>();
        for (int i = 0; i < count; i++) {
            long at = offset + (long) i * Segment.SIZE_32;
            if (at > in.size() - Segment.SIZE_32) {
                warnings.add("Damaged after byte %d: %d of %d program headers are there"
                        .formatted(place + in.size(), i, count));
                break;
            }
            headers.add(Segment.read(in.slice("program header", at, Segment.SIZE_32), false));
        }
        return headers;
    }

    private Coredump coredump(String format, EspPanic console) {
        var headers = headers();
        for (var header : headers) {
            if (header.type() == Segment.PT_LOAD) {
                load(header);
            }
        }
        for (var header : headers) {
            if (header.type() == Segment.PT_NOTE) {
                notes(header).forEach(this::note);
            }
        }
        if (threads.isEmpty()) {
            throw in.error(
                    "an ESP-IDF coredump without a readable task%s",
                    warnings.isEmpty() ? "" : " (" + String.join("; ", warnings) + ")");
        }
        warnings.addAll(console.warnings(fileHash == null));
        return new Coredump(
                format,
                console.identity(EspPanic.reason(details), details),
                architecture,
                Memory.of(ByteOrder.LITTLE_ENDIAN, memory),
                threads,
                new FaultState.Trap(cause, value),
                console.images(fileHash, chip),
                console.text(),
                warnings);
    }

    private void load(Segment header) {
        long size = Math.min(header.fileSize(), header.memorySize());
        long there = Math.clamp(in.size() - header.offset(), 0, size);
        if (there < size) {
            warnings.add("Damaged after byte %d: of %d bytes at 0x%08x %d are there"
                    .formatted(place + in.size(), size, header.address(), there));
        }
        if (there > 0) {
            memory.add(new Memory.Region(
                    header.address(),
                    in.slice("segment", header.offset(), there).segment()));
        }
    }

    /** Sizes of names count their padding or do not, by the version of ESP-IDF; to a reader it is the same. */
    private List<Note> notes(Segment header) {
        long size = Math.min(header.fileSize(), limits.noteBytes());
        long there = Math.clamp(in.size() - header.offset(), 0, size);
        var notes = new ArrayList<Note>();
        var region = in.slice("notes", Math.min(header.offset(), in.size()), there);
        while (region.remaining() >= 12) {
            long nameBytes = region.u32();
            long descriptionBytes = region.u32();
            region.skip(4); // the owner tells what a note is; two of the types are the same
            if (nameBytes == 0 && descriptionBytes == 0) {
                break; // p_filesz counts padding
            }
            long padded = (nameBytes + 3) / 4 * 4;
            if (nameBytes > OWNER_BYTES
                    || padded > region.remaining()
                    || descriptionBytes > region.remaining() - padded) {
                warnings.add("Damaged after byte %d: a note of %d and %d bytes leaves its segment"
                        .formatted(place + header.offset() + region.position(), nameBytes, descriptionBytes));
                break;
            }
            var owner = name(region.bytes((int) padded));
            notes.add(new Note(owner, region.take("note " + owner, descriptionBytes)));
            region.align(4);
        }
        return notes;
    }

    private static String name(byte[] bytes) {
        var text = new String(bytes, StandardCharsets.UTF_8);
        int end = text.indexOf(0);
        return end < 0 ? text : text.substring(0, end);
    }

    private void note(Note note) {
        switch (note.owner()) {
            case "CORE" -> status(note.description());
            case INFORMATION -> information(note.description());
            case "EXTRA_INFO", "ESP_EXTRA_INFO" -> extra(note.description());
            case "ESP_PANIC_DETAILS" -> {
                var text =
                        name(note.description().bytes((int) note.description().size()));
                details = text.isBlank() ? null : ConsoleText.printable(text.strip());
            }
            default -> {} // added by tools on the way
        }
    }

    private void status(ByteReader status) {
        Limits.checkCount(status, "tasks", threads.size() + 1L, limits.threads());
        if (status.size() <= PRSTATUS_REGISTERS) {
            throw status.error("the status of a task has %d bytes", status.size());
        }
        long task = status.seek(PRSTATUS_ID).u32();
        status.seek(PRSTATUS_REGISTERS);
        Map<String, Long> words = new HashMap<>((architecture instanceof Xtensa ? XTENSA : RISC_V).read(status));
        words.computeIfPresent("pc", (name, pc) -> architecture.instructionAddress(pc));
        var registers = RegisterList.registers(architecture, words);
        var sp = registers.get(architecture.stackPointer());
        if (isMadeUp(task) || (sp.isPresent() && isMadeUp(sp.getAsLong()))) {
            warnings.add(
                    "Task 0x%08x: its stack or control block was damaged, the device put a made-up one in its place"
                            .formatted(task));
        }
        if (threads.isEmpty() && architecture instanceof RiscV && sp.isPresent()) {
            cause(words, sp.getAsLong());
        }
        threads.add(new DumpThread(
                task, null, threads.isEmpty(), registers, sp.isPresent() ? stack(sp.getAsLong()) : null));
    }

    /** No note of RISC-V has the cause, but the crashed task's stack was cut off at its exception frame ({@code RvExcFrame}). */
    private void cause(Map<String, Long> words, long sp) {
        var stack = stack(sp);
        for (var region : memory) {
            if (stack == null
                    || region.address() != stack.start()
                    || region.bytes().byteSize() < EspBinaryPayload.RISC_V.bytes()) {
                continue;
            }
            var frame = EspBinaryPayload.RISC_V.read(
                    ByteReader.of("exception frame", region.bytes()).order(ByteOrder.LITTLE_ENDIAN));
            boolean isIt = Stream.of("pc", "ra", "sp", "s0")
                    .allMatch(name -> Objects.equals(frame.get(name), words.get(name)));
            if (isIt) {
                cause = RegisterList.value(frame, "mcause");
                value = RegisterList.value(frame, "mtval");
            }
            return;
        }
    }

    private @Nullable AddressRange stack(long sp) {
        for (var region : memory) {
            if (sp >= region.address() && sp < region.end()) {
                return new AddressRange(region.address(), region.end());
            }
        }
        return null;
    }

    /** Where ESP-IDF has nothing, and so puts what is nothing. */
    private boolean isMadeUp(long address) {
        return architecture instanceof Xtensa
                ? address >= 0x2000_0000L && address < 0x3000_0000L
                : address >= 0x7000_0000L && address < 0x8000_0000L;
    }

    private void information(ByteReader information) {
        if (information.size() <= 4) {
            return;
        }
        chip = EspChip.of(information.u32() >>> 16); // the header's version once more
        var hash = name(information.bytes((int) information.remaining()));
        fileHash = EspPanic.isFileHash(hash) ? hash : null;
        if (fileHash == null) {
            warnings.add("The note %s has no beginning of a SHA-256: \"%s\""
                    .formatted(INFORMATION, ConsoleText.printable(hash)));
        }
    }

    private void extra(ByteReader extra) {
        if (extra.remaining() < 4) {
            return;
        }
        if (extra.u32() == NO_TASK) {
            warnings.add("The device could not tell which task crashed: its first one is taken");
        }
        while (architecture instanceof Xtensa && extra.remaining() >= 8) {
            long register = extra.u32();
            long content = extra.u32();
            if (register == EXCCAUSE) {
                cause = OptionalLong.of(content);
            } else if (register == EXCVADDR) {
                value = OptionalLong.of(content);
            }
        }
    }
}
