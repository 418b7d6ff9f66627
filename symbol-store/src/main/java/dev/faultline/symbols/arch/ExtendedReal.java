package dev.faultline.symbols.arch;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** The number in a register of x87: 64 bits with the leading one among them, 15 of exponent, a sign (SDM volume 1, 4.2.2). */
final class ExtendedReal {
    static final int BYTES = 10;

    private static final int BIAS = 16383;
    private static final int LARGEST = 0x7fff;

    private ExtendedReal() {}

    /** As a variable of that many bytes has it: a float, a double, or the number as it is. */
    static byte[] stored(byte[] number, int size) {
        var narrow = ByteBuffer.allocate(Math.max(size, 8)).order(ByteOrder.LITTLE_ENDIAN);
        return switch (size) {
            case Float.BYTES ->
                Arrays.copyOf(narrow.putFloat((float) value(number)).array(), size);
            case Double.BYTES -> narrow.putDouble(value(number)).array();
            default -> Arrays.copyOf(number, size);
        };
    }

    private static double value(byte[] number) {
        var in = ByteBuffer.wrap(number).order(ByteOrder.LITTLE_ENDIAN);
        long significand = in.getLong();
        int signAndExponent = in.getShort();
        int exponent = signAndExponent & LARGEST;
        double magnitude = exponent == LARGEST
                ? significand << 1 == 0 ? Double.POSITIVE_INFINITY : Double.NaN
                : Math.scalb(unsigned(significand), exponent - BIAS - 63);
        return signAndExponent < 0 ? -magnitude : magnitude;
    }

    /** The last bit stands for those that a double has no room for, so that it is rounded but once. */
    private static double unsigned(long value) {
        return value >= 0 ? (double) value : (double) ((value >>> 1) | (value & 1)) * 2;
    }
}
