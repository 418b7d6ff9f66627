package dev.faultline.symbols.coredump;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.Limits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** An ESP-IDF coredump with its header and checksum, from flash or out of text. */
final class EspImage {

    private EspImage() {}

    /**
     * Reads from the region's start.
     *
     * @param console what was said before it
     * @param damage what its container had to say
     */
    static Coredump read(ByteReader in, String format, EspPanic console, List<String> damage, Limits limits) {
        var header = EspHeader.read(in.seek(0));
        var warnings = new ArrayList<>(damage);
        long end = Math.min(header.total(), in.size());
        if (end < header.total()) {
            warnings.add("Damaged after byte %d: the coredump had %d bytes".formatted(in.size(), header.total()));
        } else {
            end -= checksum(in, header, warnings);
        }
        var payload = in.slice("payload", header.bytes(), Math.max(0, end - header.bytes()));
        return header.isElf()
                ? EspElfPayload.read(payload, header.bytes(), format, console, warnings, limits)
                : EspBinaryPayload.read(payload, header, format, console, warnings, limits);
    }

    /** Bytes of the checksum, 0 where there is none; a wrong one is said and believed no further. */
    private static int checksum(ByteReader in, EspHeader header, List<String> warnings) {
        int size = header.checksumBytes();
        long at = header.total() - size;
        if (at < header.bytes()) {
            throw in.error("total size %d has no room for a checksum", header.total());
        }
        byte[] told = in.copy().seek(at).bytes(size);
        byte[] computed = size == 4 ? littleEndian(Checksums.crc32(in, at)) : Checksums.sha256(in, at);
        if (Arrays.equals(told, computed)) {
            return size;
        }
        if (header.mayLackChecksum()) {
            warnings.add("The coredump has no checksum, as before ESP-IDF 4.0 on a serial line, or a wrong one");
            return 0;
        }
        warnings.add("Checksum failed: %s is %s, the bytes give %s; they are damaged or were changed"
                .formatted(
                        size == 4 ? "CRC-32" : "SHA-256",
                        HexFormat.of().formatHex(told),
                        HexFormat.of().formatHex(computed)));
        return size;
    }

    private static byte[] littleEndian(long crc) {
        return new byte[] {(byte) crc, (byte) (crc >>> 8), (byte) (crc >>> 16), (byte) (crc >>> 24)};
    }
}
