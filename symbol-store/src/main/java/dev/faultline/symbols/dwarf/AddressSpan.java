package dev.faultline.symbols.dwarf;

/** Addresses from {@code start} up to but without {@code end}, as the debugging information says; unsigned. */
public record AddressSpan(long start, long end) {}
