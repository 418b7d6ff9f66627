package dev.faultline.symbols.index;

/** Addresses are unsigned; Java's numbers are not. */
final class Unsigned {
    private Unsigned() {}

    static long max(long a, long b) {
        return Long.compareUnsigned(a, b) < 0 ? b : a;
    }

    static long min(long a, long b) {
        return Long.compareUnsigned(a, b) < 0 ? a : b;
    }
}
