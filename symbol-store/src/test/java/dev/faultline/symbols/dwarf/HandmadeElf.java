package dev.faultline.symbols.dwarf;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.elf.ElfFile;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;

/** An ELF file of nothing but the sections it is given. */
final class HandmadeElf {
    private static final int HEADER = 64;
    private static final int SECTION_HEADER = 64;

    private final ByteOrder order;
    private final Map<String, byte[]> sections = new LinkedHashMap<>();

    HandmadeElf(ByteOrder order) {
        this.order = order;
    }

    HandmadeElf() {
        this(ByteOrder.LITTLE_ENDIAN);
    }

    HandmadeElf section(String name, DwarfBytes contents) {
        return section(name, contents.bytes());
    }

    HandmadeElf section(String name, byte[] contents) {
        sections.put(name, contents);
        return this;
    }

    ElfFile open() {
        return ElfFile.of(ByteReader.of("handmade.elf", bytes()), Limits.DEFAULT);
    }

    private byte[] bytes() {
        var names = new DwarfBytes(order).u8(0);
        var contents = new DwarfBytes(order);
        var headers = new DwarfBytes(order).raw(new byte[SECTION_HEADER]);
        sections.forEach((name, bytes) -> {
            header(headers, names.position(), 1, HEADER + contents.position(), bytes.length);
            names.text(name);
            contents.raw(bytes);
        });
        int nameOfNames = names.position();
        names.text(".shstrtab");
        header(headers, nameOfNames, 3, HEADER + contents.position(), names.position());
        contents.raw(names.bytes());
        return new DwarfBytes(order)
                .hex("7f454c46 02")
                .u8(order == ByteOrder.LITTLE_ENDIAN ? 1 : 2, 1)
                .raw(new byte[9])
                .u16(2) // ET_EXEC
                .u16(62)
                .u32(1)
                .u64(0)
                .u64(0)
                .u64(HEADER + contents.position())
                .u32(0)
                .u16(HEADER)
                .u16(0)
                .u16(0)
                .u16(SECTION_HEADER)
                .u16(sections.size() + 2)
                .u16(sections.size() + 1)
                .raw(contents.bytes())
                .raw(headers.bytes())
                .bytes();
    }

    private static void header(DwarfBytes to, int name, int type, int offset, int size) {
        to.u32(name)
                .u32(type)
                .u64(0)
                .u64(0)
                .u64(offset)
                .u64(size)
                .u32(0)
                .u32(0)
                .u64(1)
                .u64(0);
    }
}
