package dev.faultline.symbols.coredump;

import dev.faultline.symbols.bytes.ByteReader;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.zip.CRC32;

/** Checksums of the first bytes of a region, a piece at a time. */
final class Checksums {
    private static final int PIECE = 1 << 16;

    private Checksums() {}

    /** As of zlib. */
    static long crc32(ByteReader region, long size) {
        var crc = new CRC32();
        var in = region.copy().seek(0);
        while (in.position() < size) {
            crc.update(in.bytes((int) Math.min(PIECE, size - in.position())));
        }
        return crc.getValue();
    }

    static byte[] sha256(ByteReader region, long size) {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
        var in = region.copy().seek(0);
        while (in.position() < size) {
            digest.update(in.bytes((int) Math.min(PIECE, size - in.position())));
        }
        return digest.digest();
    }
}
