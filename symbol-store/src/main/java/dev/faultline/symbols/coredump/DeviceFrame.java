package dev.faultline.symbols.coredump;

/**
 * A frame that the device itself found and sent, in place of the memory that it could be found in.
 *
 * @param pc where the frame was, without the Thumb bit
 * @param exact whether pc is the instruction itself; else the return address behind it
 */
public record DeviceFrame(long pc, boolean exact) {}
