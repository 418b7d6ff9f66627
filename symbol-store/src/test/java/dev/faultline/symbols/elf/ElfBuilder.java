package dev.faultline.symbols.elf;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Writes ELF files that no tool writes: each field as the test says. */
final class ElfBuilder {
    private final boolean is64Bit;
    private final ByteOrder order;
    private final int type;
    private final int machine;
    private final List<Part> sections = new ArrayList<>();
    private final List<Load> segments = new ArrayList<>();
    private boolean extendedCounts;

    ElfBuilder(boolean is64Bit, ByteOrder order, int type, int machine) {
        this.is64Bit = is64Bit;
        this.order = order;
        this.type = type;
        this.machine = machine;
        section("", 0, 0, new byte[0]);
    }

    static ElfBuilder elf64(int type) {
        return new ElfBuilder(true, ByteOrder.LITTLE_ENDIAN, type, Machine.EM_X86_64);
    }

    static ElfBuilder elf32(int type) {
        return new ElfBuilder(false, ByteOrder.LITTLE_ENDIAN, type, Machine.EM_ARM);
    }

    static final class Part {
        private final String name;
        private final long type;
        private final long flags;
        private final byte[] contents;
        private long address;
        private long size;
        private long link;
        private long info;
        private long alignment = 1;
        private long offset = -1;

        private Part(String name, long type, long flags, byte[] contents) {
            this.name = name;
            this.type = type;
            this.flags = flags;
            this.contents = contents;
            this.size = contents.length;
        }

        Part at(long address) {
            this.address = address;
            return this;
        }

        Part size(long size) {
            this.size = size;
            return this;
        }

        Part link(long link) {
            this.link = link;
            return this;
        }

        Part info(long info) {
            this.info = info;
            return this;
        }

        Part alignment(long alignment) {
            this.alignment = alignment;
            return this;
        }

        /** In the bytes of the file that are there already. */
        Part offset(long offset) {
            this.offset = offset;
            return this;
        }
    }

    private record Load(long type, long flags, long address, MemorySegment contents, long alignment) {}

    Part section(String name, long type, long flags, byte[] contents) {
        var part = new Part(name, type, flags, contents);
        sections.add(part);
        return part;
    }

    ElfBuilder segment(long type, long flags, long address, byte[] contents) {
        segments.add(new Load(type, flags, address, MemorySegment.ofArray(contents), 4));
        return this;
    }

    ElfBuilder segment(long type, byte[] contents, long alignment) {
        segments.add(new Load(type, Segment.PF_R, 0, MemorySegment.ofArray(contents), alignment));
        return this;
    }

    /** Counts and the index of the names' section stand in section header 0, as in files of 65,280 sections and more. */
    ElfBuilder extendedCounts() {
        this.extendedCounts = true;
        return this;
    }

    /** Index of the next section. */
    int next() {
        return sections.size();
    }

    byte[] build() {
        int names = sections.size();
        var nameBytes = new ByteArrayOutputStream();
        var nameAt = new int[names + 1];
        for (int i = 0; i <= names; i++) {
            nameAt[i] = nameBytes.size();
            nameBytes.writeBytes((i == names ? ".shstrtab" : sections.get(i).name).getBytes(StandardCharsets.UTF_8));
            nameBytes.write(0);
        }
        section(".shstrtab", Section.SHT_STRTAB, 0, nameBytes.toByteArray());

        int headerSize = is64Bit ? 64 : 52;
        int segmentSize = is64Bit ? Segment.SIZE_64 : Segment.SIZE_32;
        long at = headerSize + (long) segmentSize * segments.size();
        var body = new ByteArrayOutputStream();
        var segmentAt = new long[segments.size()];
        for (int i = 0; i < segments.size(); i++) {
            segmentAt[i] = at + body.size();
            body.writeBytes(segments.get(i).contents.toArray(ValueLayout.JAVA_BYTE));
        }
        for (Part part : sections) {
            if (part.offset < 0) {
                part.offset = at + body.size();
                body.writeBytes(part.contents);
            }
        }
        long sectionsAt = at + body.size();
        int sectionSize = is64Bit ? Section.SIZE_64 : Section.SIZE_32;
        var out = ByteBuffer.allocate((int) (sectionsAt + (long) sectionSize * sections.size()))
                .order(order);
        header(out, headerSize, segmentSize, sectionSize, sectionsAt);
        for (int i = 0; i < segments.size(); i++) {
            segment(out, segments.get(i), segmentAt[i]);
        }
        out.put(body.toByteArray());
        for (int i = 0; i < sections.size(); i++) {
            section(out, sections.get(i), nameAt[i], i == 0 && extendedCounts);
        }
        return out.array();
    }

    private void header(ByteBuffer out, int headerSize, int segmentSize, int sectionSize, long sectionsAt) {
        out.put(new byte[] {
            0x7f, 'E', 'L', 'F', (byte) (is64Bit ? 2 : 1), (byte) (order == ByteOrder.LITTLE_ENDIAN ? 1 : 2), 1
        });
        out.position(16).putShort((short) type).putShort((short) machine).putInt(1);
        word(out, 0); // e_entry
        word(out, segments.isEmpty() ? 0 : headerSize);
        word(out, sectionsAt);
        out.putInt(0).putShort((short) headerSize).putShort((short) segmentSize);
        out.putShort((short) (extendedCounts ? 0xffff : segments.size()));
        out.putShort((short) sectionSize);
        out.putShort((short) (extendedCounts ? 0 : sections.size()));
        out.putShort((short) (extendedCounts ? 0xffff : sections.size() - 1));
    }

    private void segment(ByteBuffer out, Load segment, long offset) {
        out.putInt((int) segment.type);
        if (is64Bit) {
            out.putInt((int) segment.flags);
        }
        word(out, offset);
        word(out, segment.address);
        word(out, segment.address);
        word(out, segment.contents.byteSize());
        word(out, segment.contents.byteSize());
        if (!is64Bit) {
            out.putInt((int) segment.flags);
        }
        word(out, segment.alignment);
    }

    private void section(ByteBuffer out, Part part, int nameAt, boolean counts) {
        out.putInt(nameAt).putInt((int) part.type);
        word(out, part.flags);
        word(out, part.address);
        word(out, part.offset);
        word(out, counts ? sections.size() : part.size);
        out.putInt((int) (counts ? sections.size() - 1 : part.link));
        out.putInt((int) (counts ? segments.size() : part.info));
        word(out, part.alignment);
        word(out, 0);
    }

    private void word(ByteBuffer out, long value) {
        if (is64Bit) {
            out.putLong(value);
        } else {
            out.putInt((int) value);
        }
    }

    /** An {@code Elf64_Sym} or {@code Elf32_Sym} in this file's byte order. */
    byte[] symbol(int name, int info, int section, long value, long size) {
        var out = ByteBuffer.allocate(is64Bit ? SymbolTable.SIZE_64 : SymbolTable.SIZE_32)
                .order(order);
        out.putInt(name);
        if (is64Bit) {
            out.put((byte) info)
                    .put((byte) 0)
                    .putShort((short) section)
                    .putLong(value)
                    .putLong(size);
        } else {
            out.putInt((int) value)
                    .putInt((int) size)
                    .put((byte) info)
                    .put((byte) 0)
                    .putShort((short) section);
        }
        return out.array();
    }

    /** An {@code Elf64_Rela}. */
    static byte[] relocation(long offset, int symbol, int type, long addend) {
        return ByteBuffer.allocate(24)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(offset)
                .putLong((long) symbol << 32 | type)
                .putLong(addend)
                .array();
    }

    /** A note in this file's byte order, its name and description padded to {@code alignment}. */
    byte[] note(byte[] name, long noteType, byte[] description, int alignment) {
        int nameEnd = -(-(12 + name.length) & -alignment);
        int end = -(-(nameEnd + description.length) & -alignment);
        var out = ByteBuffer.allocate(end).order(order);
        out.putInt(name.length).putInt(description.length).putInt((int) noteType);
        out.put(name);
        out.position(nameEnd).put(description);
        return out.array();
    }

    byte[] note(String name, long noteType, byte... description) {
        return note((name + "\0").getBytes(StandardCharsets.UTF_8), noteType, description, 4);
    }

    static byte[] concat(byte[]... parts) {
        var out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
