package dev.faultline.symbols.logs;

/** CRC-16/XMODEM: polynomial 0x1021 from the top, nothing before and nothing after. */
final class Crc16 {
    private static final int POLYNOMIAL = 0x1021;

    private Crc16() {}

    static int of(byte[] bytes) {
        int crc = 0;
        for (byte one : bytes) {
            crc ^= (one & 0xff) << 8;
            for (int bit = 0; bit < Byte.SIZE; bit++) {
                crc = (crc & 0x8000) == 0 ? crc << 1 : (crc << 1) ^ POLYNOMIAL;
            }
        }
        return crc & 0xffff;
    }
}
