package dev.faultline.symbols.elf;

/**
 * A symbol (gABI, "Symbol Table").
 *
 * @param name its name; empty: none
 * @param address {@code st_value}, without the Thumb bit of an ARM function; in a relocatable object the section's
 *     address included
 * @param size {@code st_size} in bytes; 0: unknown
 * @param type {@code STT_}
 * @param binding {@code STB_}
 * @param section index of the section it lies in, the extended ones resolved; 0: undefined; reserved ones are negative
 */
public record Symbol(String name, long address, long size, int type, int binding, int section) {
    public static final int STT_NOTYPE = 0;
    public static final int STT_OBJECT = 1;
    public static final int STT_FUNC = 2;
    public static final int STT_SECTION = 3;
    public static final int STT_FILE = 4;
    public static final int STT_TLS = 6;
    public static final int STT_GNU_IFUNC = 10;
    public static final int STB_LOCAL = 0;
    public static final int STB_GLOBAL = 1;
    public static final int STB_WEAK = 2;

    /** Reserved indices (absolute, common, …) start here in the file. */
    static final int SHN_LORESERVE = 0xff00;

    static final int SHN_COMMON = 0xfff2;
    static final int SHN_XINDEX = 0xffff;
    static final int RESERVED = -1;

    public boolean isFunction() {
        return type == STT_FUNC || type == STT_GNU_IFUNC;
    }

    /**
     * What a mapping symbol says about the bytes from here on: {@code 'a'} Arm, {@code 't'} Thumb, {@code 'x'} A64 or
     * RISC-V instructions, {@code 'd'} data; 0 for any other symbol (AAELF32, "Mapping symbols").
     */
    public char mapping() {
        if (type != STT_NOTYPE || name.length() < 2 || name.charAt(0) != '$') {
            return 0;
        }
        char kind = name.charAt(1);
        boolean ends = name.length() == 2 || name.charAt(2) == '.' || kind == 'x';
        return ends && (kind == 'a' || kind == 't' || kind == 'd' || kind == 'x') ? kind : 0;
    }

    Symbol at(long address) {
        return new Symbol(name, address, size, type, binding, section);
    }

    Symbol in(int section) {
        return new Symbol(name, address, size, type, binding, section);
    }
}
