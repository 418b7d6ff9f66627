package dev.faultline.symbols.coredump;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.elf.ElfHeader;
import dev.faultline.symbols.elf.Machine;
import dev.faultline.symbols.elf.Segment;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The container that every ELF core is: program headers, notes and memory, little-endian. A core that was cut off is a valid
 * beginning of one, so nothing here needs the end of the file.
 *
 * @param machine {@code e_machine}
 * @param segments the program headers that are there
 */
record ElfCore(ByteReader file, boolean is64Bit, int machine, List<Segment> segments) {
    private static final int HEADER_BYTES_32 = 52;
    private static final int HEADER_BYTES_64 = 64;
    private static final int SECTION_BYTES_32 = 40;
    private static final int SECTION_BYTES_64 = 64;
    private static final int PN_XNUM = 0xffff;

    /** Program headers of one core: each mapping of a process has one, and Linux allows 65 530 mappings by default. */
    private static final int MOST_SEGMENTS = 1 << 18;

    /** Notes of all segments together: registers of a thousand threads, and the table of files. */
    private static final long MOST_NOTE_BYTES = 64L << 20;

    /** Longest owner's name of a note. */
    private static final int OWNER_BYTES = 256;

    /** Takes a note. */
    @FunctionalInterface
    interface NoteSink {
        void note(String owner, long type, ByteReader description);
    }

    /**
     * Reads the headers.
     *
     * @param what what such a core is called in an error: {@code a device core}
     * @param warnings where it says what is damaged
     */
    static ElfCore read(ByteReader file, String what, Limits limits, List<String> warnings) {
        var in = file.order(ByteOrder.LITTLE_ENDIAN).seek(0);
        var ident = in.take("ELF identification", Math.min(16, in.remaining()));
        ident.skip(4);
        int fileClass = ident.u8();
        int data = ident.u8();
        if ((fileClass != 1 && fileClass != 2) || data != 1) {
            throw ident.error(
                    "class %d, data encoding %d; %s is ELF32 (1) or ELF64 (2), little-endian (1)",
                    fileClass, data, what);
        }
        boolean is64Bit = fileClass == 2;
        int headerBytes = is64Bit ? HEADER_BYTES_64 : HEADER_BYTES_32;
        var header = in.seek(0).take("ELF header", Math.min(headerBytes, in.remaining()));
        int type = header.seek(16).u16();
        int machine = header.u16();
        if (type != ElfHeader.ET_CORE) {
            throw header.error(
                    "e_type %d is no core (4)%s",
                    type, type <= ElfHeader.ET_DYN ? ": a debug file is uploaded as symbols" : "");
        }
        int word = is64Bit ? 8 : 4;
        long segmentsAt = header.seek(24 + word).unsigned(word);
        long sectionsAt = header.unsigned(word);
        int entrySize = header.seek(headerBytes - 10).u16();
        long count = header.u16();
        int size = is64Bit ? Segment.SIZE_64 : Segment.SIZE_32;
        if (count > 0 && entrySize != size) {
            throw header.error("e_phentsize %d; wanted %d", entrySize, size);
        }
        if (count == PN_XNUM) {
            count = countInSection(file, is64Bit, segmentsAt, sectionsAt, size, warnings);
        }
        Limits.checkCount(header, "number of program headers", count, Math.max(limits.segments(), MOST_SEGMENTS));
        var segments = new ArrayList<Segment>();
        for (int i = 0; i < count; i++) {
            long at = segmentsAt + (long) i * size;
            if (segmentsAt < 0 || at > file.size() - size) {
                warnings.add(
                        "Damaged after byte %d: %d of %d program headers are there".formatted(file.size(), i, count));
                break;
            }
            segments.add(Segment.read(in.slice("program header", at, size), is64Bit));
        }
        return new ElfCore(file, is64Bit, machine, List.copyOf(segments));
    }

    /** {@code sh_info} of section header 0; where that was cut off, as many as fit before the first segment's bytes. */
    private static long countInSection(
            ByteReader file, boolean is64Bit, long segmentsAt, long sectionsAt, int size, List<String> warnings) {
        int sectionBytes = is64Bit ? SECTION_BYTES_64 : SECTION_BYTES_32;
        if (sectionsAt > 0 && sectionsAt <= file.size() - sectionBytes) {
            return file.slice("section header 0", sectionsAt, sectionBytes)
                    .seek(is64Bit ? 44 : 28)
                    .u32();
        }
        if (segmentsAt < 0 || segmentsAt > file.size() - size) {
            return PN_XNUM;
        }
        long first = Segment.read(file.slice("program header", segmentsAt, size), is64Bit)
                .offset();
        warnings.add("Damaged after byte %d: section header 0, which holds the number of program headers, is missing"
                .formatted(file.size()));
        return Math.clamp((first - segmentsAt) / size, 1, MOST_SEGMENTS);
    }

    /**
     * Gives every note to {@code sink}.
     *
     * @return whether notes are missing or broken
     */
    boolean notes(Limits limits, List<String> warnings, NoteSink sink) {
        boolean cut = false;
        long left = MOST_NOTE_BYTES;
        for (var segment : segments) {
            if (segment.type() != Segment.PT_NOTE) {
                continue;
            }
            long size = Math.min(segment.fileSize(), left);
            long there = there(segment.offset(), size);
            left -= there;
            cut |= there < segment.fileSize();
            var in = file.slice("notes", Math.clamp(segment.offset(), 0, file.size()), there);
            try {
                notes(in, limits, sink);
            } catch (FormatException e) {
                cut = true;
                warnings.add("Damaged notes: %s".formatted(e.getMessage()));
            }
        }
        return cut;
    }

    private static void notes(ByteReader in, Limits limits, NoteSink sink) {
        while (in.remaining() >= 12) {
            long nameSize = in.u32();
            long descriptionSize = in.u32();
            long type = in.u32();
            if (nameSize > OWNER_BYTES) {
                throw in.error("a note whose owner's name has %d bytes", nameSize);
            }
            Limits.checkCount(in, "n_descsz", descriptionSize, Math.max(limits.noteBytes(), 4 << 20));
            var owner = in.take("owner of a note", nameSize);
            in.align(4);
            var description = in.take("note", descriptionSize);
            in.align(4);
            sink.note(text(owner), type, description);
        }
    }

    private static String text(ByteReader owner) {
        var text = new String(owner.bytes((int) owner.size()), StandardCharsets.UTF_8);
        int end = text.indexOf(0);
        return end < 0 ? text : text.substring(0, end);
    }

    /** The captured memory; {@code p_memsz} beyond {@code p_filesz} was not captured. */
    Memory memory(List<String> warnings) {
        var regions = new ArrayList<Memory.Region>();
        long wanted = 0;
        long missing = 0;
        for (var segment : segments) {
            if (segment.type() != Segment.PT_LOAD) {
                continue;
            }
            // p_filesz beyond p_memsz is no memory
            boolean isAll = Long.compareUnsigned(segment.fileSize(), segment.memorySize()) <= 0;
            long size = isAll ? segment.fileSize() : segment.memorySize();
            if (size < 0 || leavesAddressSpace(segment.address(), size)) {
                warnings.add("The segment at 0x%08x of %s bytes leaves the address space and is left out"
                        .formatted(segment.address(), Long.toUnsignedString(size)));
                continue;
            }
            long there = there(segment.offset(), size);
            wanted = Math.max(wanted, wanted + size);
            missing = Math.max(missing, missing + size - there);
            if (there > 0) {
                var bytes = file.slice("segment", segment.offset(), there).segment();
                regions.add(new Memory.Region(segment.address(), bytes));
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

    private boolean leavesAddressSpace(long address, long size) {
        long end = address + size;
        return is64Bit
                ? (end != 0 && Long.compareUnsigned(end, address) < 0) || (end < 0) != (address < 0)
                : address < 0 || end > 1L << 32;
    }

    /** How many of {@code size} bytes at {@code offset} the file has. */
    private long there(long offset, long size) {
        return offset < 0 || size < 0 ? 0 : Math.clamp(file.size() - offset, 0, size);
    }

    FormatException unknownMachine(String wanted) {
        return file.copy()
                .seek(Math.min(18, file.size()))
                .error("e_machine %d (%s); wanted %s", machine, Machine.name(machine), wanted);
    }

    /** Whether the bytes are an ELF core with a note of an owner, as far as they go. */
    static boolean hasNote(ByteReader file, String owner, long type) {
        var seen = new boolean[1];
        eachNote(file, (name, kind, description) -> seen[0] |= name.equals(owner) && kind == type);
        return seen[0];
    }

    /**
     * Looks at the notes of what may be an ELF core and may be its beginning only.
     *
     * @return whether there may be more notes than were there
     */
    static boolean eachNote(ByteReader file, NoteSink sink) {
        if (!ElfHeader.begins(file)) {
            return false;
        }
        var ignored = new ArrayList<String>(); // who reads the whole file says it
        try {
            return read(file, "a core", Limits.DEFAULT, ignored).notes(Limits.DEFAULT, ignored, sink);
        } catch (FormatException e) {
            return true;
        }
    }
}
