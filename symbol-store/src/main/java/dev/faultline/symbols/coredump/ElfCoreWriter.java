package dev.faultline.symbols.coredump;

import dev.faultline.symbols.arch.AArch64;
import dev.faultline.symbols.arch.Architecture;
import dev.faultline.symbols.arch.Arm32;
import dev.faultline.symbols.arch.ArmCortexM;
import dev.faultline.symbols.arch.RiscV;
import dev.faultline.symbols.arch.X86;
import dev.faultline.symbols.arch.X86_64;
import dev.faultline.symbols.arch.Xtensa;
import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.elf.ElfHeader;
import dev.faultline.symbols.elf.Machine;
import dev.faultline.symbols.elf.Segment;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Writes a coredump of any format as an ELF core that gdb opens: a NT_PRSTATUS note for each thread, NT_FILE where images
 * have a place, and a PT_LOAD for each region of memory. What is not known of a register is 0 there, since the format has
 * no other word for it.
 */
public final class ElfCoreWriter {
    private static final int NT_PRSTATUS = 1;
    private static final int NT_FILE = 0x46494c45;
    private static final int PN_XNUM = 0xffff;
    private static final long PAGE = 4096;

    /** Most bytes of memory that are copied into an answer. */
    private static final long MOST_BYTES = 1L << 30;

    private final Coredump coredump;
    private final PrstatusLayout layout;
    private final int word;

    private ElfCoreWriter(Coredump coredump) {
        this.coredump = coredump;
        this.layout = PrstatusLayout.of(coredump.architecture());
        this.word = layout.wordBytes();
    }

    /**
     * The core in memory, little-endian.
     *
     * @throws FormatException when the coredump has more than a gibibyte of memory
     */
    public static MemorySegment write(Coredump coredump) {
        return new ElfCoreWriter(coredump).write();
    }

    private MemorySegment write() {
        byte[] notes = notes();
        var regions = coredump.memory().regions();
        int headers = regions.size() + 1;
        boolean isExtended = headers >= PN_XNUM; // the count stands in section header 0
        int headerBytes = word == 8 ? 64 : 52;
        int programBytes = word == 8 ? Segment.SIZE_64 : Segment.SIZE_32;
        int sectionBytes = isExtended ? word == 8 ? 64 : 40 : 0;
        long notesAt = headerBytes + (long) headers * programBytes + sectionBytes;
        long memoryAt = notesAt + notes.length;
        long size = memoryAt;
        for (var region : regions) {
            size += region.bytes().byteSize();
        }
        if (size > MOST_BYTES) {
            throw new FormatException("coredump of %d bytes; at most %d are converted".formatted(size, MOST_BYTES));
        }
        byte[] core = new byte[(int) size];
        var out = ByteBuffer.wrap(core).order(ByteOrder.LITTLE_ENDIAN);
        header(out, headers, isExtended ? notesAt - sectionBytes : 0, headerBytes, programBytes, sectionBytes);
        programHeader(out, Segment.PT_NOTE, 0, notesAt, 0, notes.length, 0);
        long at = memoryAt;
        for (var region : regions) {
            long bytes = region.bytes().byteSize();
            programHeader(out, Segment.PT_LOAD, Segment.PF_R | Segment.PF_W, at, region.address(), bytes, bytes);
            at += bytes;
        }
        if (isExtended) {
            out.putInt(out.position() + (word == 8 ? 44 : 28), headers);
        }
        out.position((int) notesAt);
        out.put(notes);
        for (var region : regions) {
            MemorySegment.copy(region.bytes(), ValueLayout.JAVA_BYTE, 0, core, out.position(), (int)
                    region.bytes().byteSize());
            out.position(out.position() + (int) region.bytes().byteSize());
        }
        return MemorySegment.ofArray(core);
    }

    private void header(
            ByteBuffer out, int headers, long sectionsAt, int headerBytes, int programBytes, int sectionBytes) {
        out.put(new byte[] {0x7f, 'E', 'L', 'F', (byte) (word / 4), 1, 1}).position(16);
        out.putShort((short) ElfHeader.ET_CORE)
                .putShort((short) machine(coredump.architecture()))
                .putInt(1);
        word(out, 0); // e_entry
        word(out, headerBytes);
        word(out, sectionsAt);
        out.putInt(0); // e_flags
        out.putShort((short) headerBytes).putShort((short) programBytes);
        out.putShort((short) Math.min(headers, PN_XNUM));
        out.putShort((short) sectionBytes)
                .putShort((short) (sectionBytes == 0 ? 0 : 1))
                .putShort((short) 0);
    }

    private static int machine(Architecture architecture) {
        return switch (architecture) {
            case ArmCortexM arm -> Machine.EM_ARM;
            case Arm32 arm -> Machine.EM_ARM;
            case AArch64 arm -> Machine.EM_AARCH64;
            case RiscV riscV -> Machine.EM_RISCV;
            case Xtensa xtensa -> Machine.EM_XTENSA;
            case X86_64 x86 -> Machine.EM_X86_64;
            case X86 x86 -> Machine.EM_386;
        };
    }

    private void programHeader(
            ByteBuffer out, long type, long flags, long offset, long address, long fileSize, long memorySize) {
        out.putInt((int) type);
        if (word == 8) {
            out.putInt((int) flags);
        }
        word(out, offset);
        word(out, address);
        word(out, 0); // p_paddr
        word(out, fileSize);
        word(out, memorySize);
        if (word == 4) {
            out.putInt((int) flags);
        }
        word(out, 1); // p_align
    }

    private byte[] notes() {
        var notes = new ByteArrayOutputStream();
        var threads = new ArrayList<>(coredump.threads());
        threads.sort((a, b) -> Boolean.compare(b.crashed(), a.crashed())); // gdb shows the first one first
        var ids = new HashSet<Integer>();
        for (var thread : threads) {
            note(notes, NT_PRSTATUS, status(thread, processId(thread.id(), ids)));
        }
        var placed = coredump.images().stream()
                .filter(image -> image.range() != null && !image.name().startsWith("["))
                .toList();
        if (!placed.isEmpty()) {
            note(notes, NT_FILE, files(placed));
        }
        return notes.toByteArray();
    }

    /** Ids are process ids there: 31 bits, never 0, and gdb takes two of the same for one. */
    private static int processId(long wanted, Set<Integer> taken) {
        int id = wanted > 0 && wanted <= Integer.MAX_VALUE ? (int) wanted : 1;
        while (!taken.add(id)) {
            id = id == Integer.MAX_VALUE ? 1 : id + 1;
        }
        return id;
    }

    private byte[] status(DumpThread thread, int id) {
        var status = buffer(layout.bytes());
        int signal =
                thread.crashed() && coredump.fault() instanceof FaultState.Signal(int raised, var code, var address)
                        ? raised
                        : 0;
        status.putShort(layout.signalAt(), (short) signal);
        status.putInt(0, signal);
        status.putInt(layout.idAt(), id);
        status.position(layout.registersAt());
        for (int register : layout.registers()) {
            word(status, thread.registers().get(register).orElse(0));
        }
        return all(status);
    }

    private byte[] files(List<LoadedImage> images) {
        var rows = buffer(word * (2 + 3 * images.size()));
        var names = new StringBuilder();
        word(rows, images.size());
        word(rows, PAGE);
        for (var image : images) {
            var range = image.range();
            if (range != null) {
                word(rows, range.start());
                word(rows, range.end());
                word(rows, 0);
                names.append(image.name().replace('\0', '?')).append('\0');
            }
        }
        byte[] paths = names.toString().getBytes(StandardCharsets.UTF_8);
        return all(buffer(rows.capacity() + paths.length).put(all(rows)).put(paths));
    }

    private static void note(ByteArrayOutputStream out, int type, byte[] description) {
        var head = buffer(20).putInt(5).putInt(description.length).putInt(type);
        head.put("CORE".getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(all(head));
        out.writeBytes(description);
        out.writeBytes(new byte[-description.length & 3]);
    }

    private static byte[] all(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.capacity()];
        buffer.get(0, bytes);
        return bytes;
    }

    private static ByteBuffer buffer(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void word(ByteBuffer out, long value) {
        if (word == 8) {
            out.putLong(value);
        } else {
            out.putInt((int) value);
        }
    }
}
