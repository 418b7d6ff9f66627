package dev.faultline.symbols.index;

/** A global of the image: its name, its address and its size in bytes (0: unknown). */
public record DataSymbol(String name, long address, long size) {}
