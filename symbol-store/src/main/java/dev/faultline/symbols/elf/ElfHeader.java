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

    private static final int PN_XNUM = 0xffff;

    /** Reads the header of a whole file. */
    static ElfHeader read(ByteReader file) {
        if (!begins(file)) {
            throw file.error("not an ELF file: it does not begin with 7f 45 4c 46");
        }
        var ident = file.order(ByteOrder.LITTLE_ENDIAN).seek(4);
        int fileClass = ident.u8();
        if (fileClass != 1 && fileClass != 2) {
            throw ident.error("EI_CLASS %d, wanted 1 (32 bits) or 2 (64 bits)", fileClass);
        }
        int data = ident.u8();
        if (data != 1 && data != 2) {
            throw ident.error("EI_DATA %d, wanted 1 (little-endian) or 2 (big-endian)", data);
        }
        boolean is64Bit = fileClass == 2;
        ByteOrder order = data == 1 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
        int addressSize = is64Bit ? 8 : 4;
        var in = file.slice("ELF header", 0, Math.min(file.size(), is64Bit ? 64 : 52))
                .order(order)
                .seek(16);
        int type = in.u16();
        int machine = in.u16();
        in.skip(4); // e_version
        long entry = in.unsigned(addressSize);
        long segmentsAt = in.unsigned(addressSize);
        long sectionsAt = in.unsigned(addressSize);
        long flags = in.u32();
        in.skip(2); // e_ehsize
        int segmentSize = in.u16();
        long segments = in.u16();
        int sectionSize = in.u16();
        long sections = in.u16();
        long sectionNames = in.u16();
        if (segments > 0 && segmentSize != (is64Bit ? Segment.SIZE_64 : Segment.SIZE_32)) {
            throw in.error("e_phentsize %d", segmentSize);
        }
        if (sections == 0 && sectionSize == 0) {
            sectionsAt = 0; // what strips section headers off may leave their place behind
        }
        if (sectionsAt != 0 && sectionSize != (is64Bit ? Section.SIZE_64 : Section.SIZE_32)) {
            throw in.error("e_shentsize %d", sectionSize);
        }
        if (sectionsAt != 0 && (sections == 0 || sectionNames == Symbol.SHN_XINDEX || segments == PN_XNUM)) {
            // gABI: counts of 0xff00 and more stand in section header 0
            var first = file.slice("section header 0", sectionsAt, sectionSize).order(order);
            first.skip(8 + 3L * addressSize); // sh_name to sh_offset
            long size = first.unsigned(addressSize);
            long link = first.u32();
            long info = first.u32();
            sections = sections == 0 ? size : sections;
            sectionNames = sectionNames == Symbol.SHN_XINDEX ? link : sectionNames;
            segments = segments == PN_XNUM ? info : segments;
        }
        return new ElfHeader(
                is64Bit,
                order,
                type,
                machine,
                entry,
                flags,
                segmentsAt,
                segments,
                sectionsAt,
                sectionsAt == 0 ? 0 : sections,
                sectionNames);
    }

    /** Bytes of an address: 4 or 8. */
    public int addressSize() {
        return is64Bit ? 8 : 4;
    }

    /** Whether the first bytes are those of an ELF file. */
    public static boolean begins(ByteReader file) {
        return file.size() >= 4 && file.order(ByteOrder.BIG_ENDIAN).seek(0).u32() == 0x7f454c46L;
    }
}
