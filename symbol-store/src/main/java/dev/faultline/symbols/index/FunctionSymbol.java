package dev.faultline.symbols.index;

/** A function of the image: its name, its first address without the Thumb bit, its size in bytes (0: unknown). */
public record FunctionSymbol(String name, long address, long size) {}
