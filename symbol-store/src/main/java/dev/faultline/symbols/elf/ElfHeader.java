package dev.faultline.symbols.elf;

import dev.faultline.symbols.bytes.ByteReader;
import java.nio.ByteOrder;

/**
 * The ELF header (gABI, "ELF Header") with the counts already taken from section header 0 where they do not fit.
 *
 * @param is64Bit whether the class is ELFCLASS64
 * @param order the byte order of everything in the file
 * @param type {@code e_type}: see the {@code ET_} constants
 * @param machine {@code e_machine}: see {@link Machine}
 * @param entry {@code e_entry}, the Thumb bit included where the linker set it
 * @param flags {@code e_flags}
 * @param segmentsAt {@code e_phoff}
 * @param segments number of program headers
 * @param sectionsAt {@code e_shoff}; 0: no section headers
 * @param sections number of section headers
 * @param sectionNames index of the section that holds section names; 0: none
 */
public record ElfHeader(
        boolean is64Bit,
        ByteOrder order,
        int type,
        int machine,
        long entry,
        long flags,
        long segmentsAt,
        long segments,
        long sectionsAt,
        long sections,
        long sectionNames) {
    public static final int ET_REL = 1;
    public static final int ET_EXEC = 2;
    public static final int ET_DYN = 3;
    public static final int ET_CORE = 4;

    /** Bytes of an address: 4 or 8. */
    public int addressSize() {
        return is64Bit ? 8 : 4;
    }

    /** Whether the first bytes are those of an ELF file. */
    public static boolean begins(ByteReader file) {
        return file.size() >= 4 && file.order(ByteOrder.BIG_ENDIAN).seek(0).u32() == 0x7f454c46L;
    }
}
