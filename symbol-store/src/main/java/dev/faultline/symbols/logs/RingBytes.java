package dev.faultline.symbols.logs;

import java.util.Arrays;

/** The bytes of a ring of text in the order in which they were written. */
final class RingBytes {

    private RingBytes() {}

    /**
     * The last bytes that were written, oldest first, from the first whole line on: the one before it lost its beginning,
     * unless it is all that there is.
     *
     * @param written bytes that were ever written: byte k lies at k modulo the ring's size
     */
    static byte[] of(byte[] ring, long written) {
        int length = (int) Math.min(written, ring.length);
        byte[] stream = new byte[length];
        for (int i = 0; i < length; i++) {
            stream[i] = ring[(int) ((written - length + i) % ring.length)];
        }
        return written > ring.length ? wholeLines(stream) : stream;
    }

    private static byte[] wholeLines(byte[] stream) {
        for (int i = 0; i < stream.length - 1; i++) {
            if (stream[i] == '\n') {
                return Arrays.copyOfRange(stream, i + 1, stream.length);
            }
        }
        return stream;
    }
}
