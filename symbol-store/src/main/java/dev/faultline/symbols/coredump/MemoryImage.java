package dev.faultline.symbols.coredump;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.elf.BuildId;
import dev.faultline.symbols.elf.ElfHeader;
import dev.faultline.symbols.elf.Segment;
import dev.faultline.symbols.index.AddressRange;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * An ELF image as it lies in captured memory: its first page is enough.
 *
 * @param bias what to add to an address as linked
 * @param range from its lowest to its highest segment
 * @param buildId of its notes, where they were captured
 * @param dynamic where its dynamic section is
 */
record MemoryImage(
        long bias, @Nullable AddressRange range, @Nullable BuildId buildId, OptionalLong dynamic) {
    private static final long PT_PHDR = 6;
    private static final int NT_GNU_BUILD_ID = 3;

    /** Program headers of an image; the largest have some 20. */
    private static final int MOST_SEGMENTS = 256;

    /** Bytes of one note segment of an image. */
    private static final int MOST_NOTE_BYTES = 64 << 10;

    private static final int MOST_BUILD_ID_BYTES = 64;
    private static final long PAGE_MASK = -4096;

    /** The image whose ELF header is at {@code base}; empty where there is none, or it was not captured. */
    static Optional<MemoryImage> at(Memory memory, long base, int word) {
        boolean is64Bit = word == 8;
        var bytes = memory.bytes(base, is64Bit ? 64 : 52);
        if (bytes.isEmpty()) {
            return Optional.empty();
        }
        var header = ByteReader.of("ELF header in memory", bytes.get());
        if (!ElfHeader.begins(header) || header.seek(4).u8() != (is64Bit ? 2 : 1) || header.u8() != 1) {
            return Optional.empty();
        }
        int type = header.seek(16).u16();
        long headersAt = header.seek(24 + word).unsigned(word);
        int count = header.seek(is64Bit ? 56 : 44).u16();
        if (type != ElfHeader.ET_EXEC && type != ElfHeader.ET_DYN) {
            return Optional.empty();
        }
        return segments(memory, base + headersAt, count, word).map(segments -> {
            long bias = type == ElfHeader.ET_EXEC ? 0 : base - firstAddress(segments);
            return of(memory, segments, bias);
        });
    }

    /** The image whose program headers are at {@code headersAt}, as AT_PHDR says it. */
    static Optional<MemoryImage> ofProgramHeaders(Memory memory, long headersAt, long count, int word) {
        var segments = segments(memory, headersAt, count, word);
        if (segments.isEmpty()) {
            return Optional.empty();
        }
        for (var segment : segments.get()) {
            if (segment.type() == PT_PHDR) {
                return Optional.of(of(memory, segments.get(), headersAt - segment.address()));
            }
        }
        // static programs have no PT_PHDR; the headers lie in the page of the ELF header
        return at(memory, headersAt & PAGE_MASK, word);
    }

    private static Optional<List<Segment>> segments(Memory memory, long at, long count, int word) {
        int size = word == 8 ? Segment.SIZE_64 : Segment.SIZE_32;
        if (count <= 0 || count > MOST_SEGMENTS) {
            return Optional.empty();
        }
        var bytes = memory.bytes(at, (int) count * size);
        if (bytes.isEmpty()) {
            return Optional.empty();
        }
        var in = ByteReader.of("program headers in memory", bytes.get());
        var segments = new ArrayList<Segment>();
        for (int i = 0; i < count; i++) {
            segments.add(Segment.read(in.take("program header", size), word == 8));
        }
        return Optional.of(List.copyOf(segments));
    }

    /** Where the page of the ELF header was linked to. */
    private static long firstAddress(List<Segment> segments) {
        for (var segment : segments) {
            if (segment.type() == Segment.PT_LOAD && (segment.offset() & PAGE_MASK) == 0) {
                return segment.address() & PAGE_MASK;
            }
        }
        return 0;
    }

    private static MemoryImage of(Memory memory, List<Segment> segments, long bias) {
        long start = -1;
        long end = 0;
        BuildId buildId = null;
        var dynamic = OptionalLong.empty();
        for (var segment : segments) {
            if (segment.type() == Segment.PT_LOAD) {
                start = unsignedMin(start, bias + segment.address());
                end = unsignedMax(end, bias + segment.address() + segment.memorySize());
            } else if (segment.type() == Segment.PT_DYNAMIC) {
                dynamic = OptionalLong.of(bias + segment.address());
            } else if (segment.type() == Segment.PT_NOTE && buildId == null) {
                buildId = buildId(memory, bias, segment);
            }
        }
        boolean isRange = Long.compareUnsigned(start, end) < 0;
        return new MemoryImage(bias, isRange ? new AddressRange(start, end) : null, buildId, dynamic);
    }

    private static long unsignedMin(long a, long b) {
        return Long.compareUnsigned(a, b) < 0 ? a : b;
    }

    private static long unsignedMax(long a, long b) {
        return Long.compareUnsigned(a, b) > 0 ? a : b;
    }

    private static @Nullable BuildId buildId(Memory memory, long bias, Segment notes) {
        if (notes.fileSize() <= 0 || notes.fileSize() > MOST_NOTE_BYTES) {
            return null;
        }
        var bytes = memory.bytes(bias + notes.address(), (int) notes.fileSize());
        if (bytes.isEmpty()) {
            return null;
        }
        var in = ByteReader.of("notes in memory", bytes.get()).order(ByteOrder.LITTLE_ENDIAN);
        int alignment = notes.alignment() == 8 ? 8 : 4;
        try {
            while (in.remaining() >= 12) {
                long nameSize = in.u32();
                long size = in.u32();
                long type = in.u32();
                var name = in.take("name", nameSize).segment();
                in.align(alignment);
                var description = in.take("note", size);
                in.align(alignment);
                boolean isGnu = nameSize == 4
                        && "GNU\0"
                                .equals(new String(
                                        name.toArray(java.lang.foreign.ValueLayout.JAVA_BYTE),
                                        StandardCharsets.US_ASCII));
                if (isGnu && type == NT_GNU_BUILD_ID && size > 0 && size <= MOST_BUILD_ID_BYTES) {
                    return BuildId.of(description.bytes((int) size));
                }
            }
        } catch (FormatException e) {
            return null; // memory that a crash wrote over: no build id in it
        }
        return null;
    }

    LoadedImage loadedAs(String name) {
        return new LoadedImage(name, buildId, bias, range, null);
    }
}
