package dev.faultline.cluster;

import java.util.HexFormat;

/** The first half of a fingerprint's key, which is a SHA-256: enough to tell them apart, and small in great numbers. */
public record GroupKey(long high, long low) implements Comparable<GroupKey> {
    private static final int DIGITS = 16;

    /** From a key as fingerprints have it: 64 hexadecimal digits. */
    public static GroupKey of(String key) {
        return new GroupKey(
                HexFormat.fromHexDigitsToLong(key, 0, DIGITS), HexFormat.fromHexDigitsToLong(key, DIGITS, 2 * DIGITS));
    }

    @Override
    public int compareTo(GroupKey other) {
        int order = Long.compareUnsigned(high, other.high);
        return order != 0 ? order : Long.compareUnsigned(low, other.low);
    }
}
