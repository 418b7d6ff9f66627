package dev.faultline.symbols.elf;

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
}
