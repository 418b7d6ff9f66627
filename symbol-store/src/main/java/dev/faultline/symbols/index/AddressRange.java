package dev.faultline.symbols.index;

/** Addresses from {@code start} up to but without {@code end}; unsigned. */
public record AddressRange(long start, long end) {

    public boolean contains(long address) {
        return Long.compareUnsigned(address, start) >= 0 && Long.compareUnsigned(address, end) < 0;
    }

    /** Bytes. */
    public long size() {
        return end - start;
    }
}
