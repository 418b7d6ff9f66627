package dev.faultline.symbols.arch;

/**
 * Where a function with a frame pointer saved what its caller needs. Offsets are bytes from the frame pointer.
 *
 * @param framePointer the place of the caller's frame pointer
 * @param returnAddress the place of the return address
 * @param stackPointer the caller's stack pointer at the call
 */
public record FrameRecord(int framePointer, int returnAddress, int stackPointer) {}
