package dev.faultline.symbols.elf;

import dev.faultline.symbols.bytes.ByteReader;

/**
 * A section header (gABI, "Sections").
 *
 * @param index its place in the table, what {@code st_shndx} refers to
 * @param name its name; empty without a table of names
 * @param type {@code sh_type}
 * @param flags {@code sh_flags}
 * @param address {@code sh_addr}; in a relocatable object, which has none, as {@link ObjectLayout} places it
 * @param offset {@code sh_offset}, place in the file
 * @param size {@code sh_size}, bytes in memory, or in the file when compressed
 * @param link {@code sh_link}
 * @param info {@code sh_info}; of a table of relocations: the index of the section that they change
 * @param alignment {@code sh_addralign}
 * @param entrySize {@code sh_entsize}
 */
public record Section(
        int index,
        String name,
        long type,
        long flags,
        long address,
        long offset,
        long size,
        long link,
        long info,
        long alignment,
        long entrySize) {
    public static final long SHT_NULL = 0;
    public static final long SHT_PROGBITS = 1;
    public static final long SHT_SYMTAB = 2;
    public static final long SHT_STRTAB = 3;
    public static final long SHT_RELA = 4;
    public static final long SHT_NOTE = 7;
    public static final long SHT_NOBITS = 8;
    public static final long SHT_REL = 9;
    public static final long SHT_DYNSYM = 11;
    public static final long SHT_ARM_EXIDX = 0x70000001L;
    public static final long SHF_WRITE = 1;
    public static final long SHF_ALLOC = 2;
    public static final long SHF_EXECINSTR = 4;
    public static final long SHF_COMPRESSED = 0x800;

    static final int SIZE_32 = 40;
    static final int SIZE_64 = 64;

    /** Reads a section header but for its name, which lies elsewhere. */
    static Section read(ByteReader in, int index, int addressSize) {
        in.skip(4); // sh_name
        long type = in.u32();
        long flags = in.unsigned(addressSize);
        long address = in.unsigned(addressSize);
        long offset = in.unsigned(addressSize);
        long size = in.unsigned(addressSize);
        long link = in.u32();
        long info = in.u32();
        long alignment = in.unsigned(addressSize);
        long entrySize = in.unsigned(addressSize);
        return new Section(index, "", type, flags, address, offset, size, link, info, alignment, entrySize);
    }

    Section named(String name) {
        return new Section(index, name, type, flags, address, offset, size, link, info, alignment, entrySize);
    }

    Section at(long address) {
        return new Section(index, name, type, flags, address, offset, size, link, info, alignment, entrySize);
    }

    /** This section in another table of sections: its own place there, and that of the section it links to. */
    Section moved(int index, long address, long link) {
        return new Section(index, name, type, flags, address, offset, size, link, info, alignment, entrySize);
    }

    public boolean is(long flag) {
        return (flags & flag) != 0;
    }

    /** Whether it is part of the running image and holds instructions. */
    public boolean isCode() {
        return is(SHF_ALLOC) && is(SHF_EXECINSTR);
    }

    /** Whether {@code address} lies inside; never for a section that is not part of the running image. */
    public boolean contains(long address) {
        return is(SHF_ALLOC) && Long.compareUnsigned(address - this.address, size) < 0;
    }
}
