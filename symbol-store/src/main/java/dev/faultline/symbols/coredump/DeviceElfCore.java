package dev.faultline.symbols.coredump;

import dev.faultline.symbols.arch.ArmCortexM;
import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.elf.ElfHeader;
import dev.faultline.symbols.elf.Machine;
import dev.faultline.symbols.elf.Segment;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * The device core: an ELF32 core for {@code EM_ARM} with one note of ours, as the device library writes it
 * ({@code firmware-fixtures/device-library/FORMAT.md}). A dump that was cut off is a valid beginning of one, so nothing
 * here needs the end of the file.
 */
public record DeviceElfCore() implements CoredumpFormat {
    private static final int HEADER_BYTES = 52;
    private static final long ADDRESS_SPACE = 1L << 32;

    @Override
    public String name() {
        return "faultline-device-core-1";
    }

    @Override
    public String description() {
        return "an ELF core with a Faultline note";
    }

    @Override
    public boolean begins(ByteReader file) {
        return ElfHeader.begins(file);
    }

    @Override
    public List<Coredump> parse(ByteReader file, Limits limits) {
        var warnings = new ArrayList<String>();
        var headers = programHeaders(file.copy().seek(0), limits, warnings);
        var notes = notes(file, headers, limits, warnings);
        var threads = notes.threads();
        if (threads.isEmpty()) {
            throw file.error(
                    "an ELF core without a readable NT_PRSTATUS note: no thread, so no stack to show%s",
                    warnings.isEmpty() ? "" : " (" + String.join("; ", warnings) + ")");
        }
        var identity = notes.identity();
        return List.of(new Coredump(
                name(),
                identity,
                new ArmCortexM(),
                memory(file, headers, warnings),
                threads,
                notes.state(),
                List.of(new LoadedImage(
                        identity.software() == null ? "firmware" : identity.software(), identity.buildId(), 0)),
                List.of(),
                warnings));
    }

    private static List<Segment> programHeaders(ByteReader in, Limits limits, List<String> warnings) {
        var ident = in.take("ELF identification", Math.min(16, in.remaining()));
        ident.skip(4);
        int fileClass = ident.u8();
        int data = ident.u8();
        if (fileClass != 1 || data != 1) {
            throw ident.error(
                    "class %d, data encoding %d; a device core is ELF32 (1), little-endian (1)", fileClass, data);
        }
        var header = in.seek(0).take("ELF header", Math.min(HEADER_BYTES, in.remaining()));
        int type = header.seek(16).u16();
        int machine = header.u16();
        if (type != ElfHeader.ET_CORE) {
            throw header.error(
                    "e_type %d is no core (4)%s",
                    type, type <= ElfHeader.ET_DYN ? ": a debug file is uploaded as symbols" : "");
        }
        if (machine != Machine.EM_ARM) {
            throw header.error("e_machine %d (%s); a device core is for arm (40)", machine, Machine.name(machine));
        }
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
                warnings.add(
                        "Damaged after byte %d: %d of %d program headers are there".formatted(in.size(), i, count));
                break;
            }
            headers.add(Segment.read(in.slice("program header", at, Segment.SIZE_32), false));
        }
        return headers;
    }

    private static DeviceNotes notes(ByteReader file, List<Segment> headers, Limits limits, List<String> warnings) {
        var notes = new DeviceNotes(limits, warnings);
        boolean cut = false;
        for (var header : headers) {
            if (header.type() != Segment.PT_NOTE) {
                continue;
            }
            long size = Math.min(header.fileSize(), limits.noteBytes());
            long there = there(file, header.offset(), size);
            cut |= there < size;
            var in = file.slice("notes", Math.min(header.offset(), file.size()), there);
            try {
                notes.read(in);
            } catch (FormatException e) {
                cut = true;
                warnings.add("Damaged notes: %s".formatted(e.getMessage()));
            }
        }
        if (!notes.hasIdentity() && !cut) {
            throw file.error(
                    "an ELF core without a note of owner Faultline and type 1 (%d thread notes): it was not"
                            + " written by the device library, and no other ELF core is read yet",
                    notes.threadCount());
        }
        if (cut) {
            warnings.add("Damaged in the notes: threads or the device's identity may be missing");
        }
        return notes;
    }

    private static Memory memory(ByteReader file, List<Segment> headers, List<String> warnings) {
        var regions = new ArrayList<Memory.Region>();
        long wanted = 0;
        long missing = 0;
        for (var header : headers) {
            if (header.type() != Segment.PT_LOAD) {
                continue;
            }
            // p_memsz beyond p_filesz was not captured; p_filesz beyond p_memsz is no memory
            long size = Math.min(header.fileSize(), header.memorySize());
            if (header.address() + size > ADDRESS_SPACE) {
                warnings.add("The segment at 0x%08x of %d bytes leaves the address space and is left out"
                        .formatted(header.address(), size));
                continue;
            }
            long there = there(file, header.offset(), size);
            wanted += size;
            missing += size - there;
            if (there > 0) {
                var bytes = file.slice("segment", header.offset(), there).segment();
                regions.add(new Memory.Region(header.address(), bytes));
            }
        }
        if (missing > 0) {
            warnings.add("Damaged after byte %d: %d of %d bytes of memory are missing"
                    .formatted(file.size(), missing, wanted));
        }
        var memory = Memory.of(ByteOrder.LITTLE_ENDIAN, regions);
        long kept = memory.regions().stream()
                .mapToLong(region -> region.bytes().byteSize())
                .sum();
        if (kept < wanted - missing) {
            warnings.add("Segments overlap in %d bytes: the first one counts".formatted(wanted - missing - kept));
        }
        return memory;
    }

    /** How many of {@code size} bytes at {@code offset} the file has. */
    private static long there(ByteReader file, long offset, long size) {
        return Math.clamp(file.size() - offset, 0, size);
    }
}
