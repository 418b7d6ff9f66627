package dev.faultline.symbols.elf;

import dev.faultline.symbols.bytes.ByteReader;

/**
 * A program header (gABI, "Program Header").
 *
 * @param type {@code p_type}
 * @param flags {@code p_flags}
 * @param offset {@code p_offset}, place in the file
 * @param address {@code p_vaddr}
 * @param physicalAddress {@code p_paddr}, where firmware is flashed
 * @param fileSize {@code p_filesz}
 * @param memorySize {@code p_memsz}; in a core the part behind {@code fileSize} was not captured
 * @param alignment {@code p_align}
 */
public record Segment(
        long type,
        long flags,
        long offset,
        long address,
        long physicalAddress,
        long fileSize,
        long memorySize,
        long alignment) {
    public static final long PT_LOAD = 1;
    public static final long PT_DYNAMIC = 2;
    public static final long PT_NOTE = 4;
    public static final long PF_X = 1;
    public static final long PF_W = 2;
    public static final long PF_R = 4;

    static final int SIZE_32 = 32;
    static final int SIZE_64 = 56;

    /** Reads one {@code Elf32_Phdr} or {@code Elf64_Phdr}. */
    static Segment read(ByteReader in, boolean is64Bit) {
        return is64Bit ? read64(in) : read32(in);
    }

    private static Segment read32(ByteReader in) {
        long type = in.u32();
        long offset = in.u32();
        long address = in.u32();
        long physicalAddress = in.u32();
        long fileSize = in.u32();
        long memorySize = in.u32();
        long flags = in.u32();
        long alignment = in.u32();
        return checked(in, new Segment(type, flags, offset, address, physicalAddress, fileSize, memorySize, alignment));
    }

    private static Segment read64(ByteReader in) {
        long type = in.u32();
        long flags = in.u32();
        long offset = in.u64();
        long address = in.u64();
        long physicalAddress = in.u64();
        long fileSize = in.u64();
        long memorySize = in.u64();
        long alignment = in.u64();
        return checked(in, new Segment(type, flags, offset, address, physicalAddress, fileSize, memorySize, alignment));
    }

    private static Segment checked(ByteReader in, Segment segment) {
        // notes of a core take no memory: p_memsz is 0 there
        if (segment.type == PT_LOAD && Long.compareUnsigned(segment.fileSize, segment.memorySize) > 0) {
            throw in.error("p_filesz 0x%x exceeds p_memsz 0x%x", segment.fileSize, segment.memorySize);
        }
        return segment;
    }
}
