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
    public static final long PT_GNU_EH_FRAME = 0x6474e550;
    public static final long PT_ARM_EXIDX = 0x70000001;
    public static final long PF_X = 1;
    public static final long PF_W = 2;
    public static final long PF_R = 4;

    public static final int SIZE_32 = 32;
    public static final int SIZE_64 = 56;

    /** Reads one {@code Elf32_Phdr} or {@code Elf64_Phdr} as it stands: a dump may say what an image must not. */
    public static Segment read(ByteReader in, boolean is64Bit) {
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
        return new Segment(type, flags, offset, address, physicalAddress, fileSize, memorySize, in.u32());
    }

    private static Segment read64(ByteReader in) {
        long type = in.u32();
        long flags = in.u32();
        long offset = in.u64();
        long address = in.u64();
        long physicalAddress = in.u64();
        long fileSize = in.u64();
        long memorySize = in.u64();
        return new Segment(type, flags, offset, address, physicalAddress, fileSize, memorySize, in.u64());
    }

    /** Whether more of the file is to be loaded than there is memory for, which no loader accepts. */
    boolean exceedsItsMemory() {
        // notes of a core take no memory: p_memsz is 0 there
        return type == PT_LOAD && Long.compareUnsigned(fileSize, memorySize) > 0;
    }

    Segment moved(long distance) {
        return new Segment(type, flags, offset, address + distance, physicalAddress, fileSize, memorySize, alignment);
    }

    /** How many bytes of the file stand behind an address of this segment; 0 outside. */
    long bytesFrom(long address) {
        long into = address - this.address;
        return Long.compareUnsigned(into, fileSize) < 0 ? fileSize - into : 0;
    }
}
