package dev.faultline.ingest;

import dev.faultline.http.Packing;
import dev.faultline.http.Problem;
import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.coredump.CoredumpFormat;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The first bytes of an upload, looked at to refuse what can not be a coredump while the sender still listens. Whether it
 * really is one, the pipeline finds out.
 */
final class CoredumpHead {
    /** Plain bytes that every format can be told by. */
    private static final int TELLING = CoredumpFormat.HEAD_BYTES;

    private static final int SHOWN = 8;

    private CoredumpHead() {}

    /** Refuses bytes that begin no known coredump, packed or plain. */
    static void check(byte[] head) {
        if (head.length == 0) {
            throw Problem.badRequest("empty-coredump", "The coredump is empty: wanted %s", wanted());
        }
        if (Packing.isZip(head)) {
            return; // any of its files may be the coredump
        }
        var packing = Packing.of(head);
        Optional<byte[]> plain;
        try {
            plain = packing.isPresent()
                    ? packing.get().peek(head, TELLING)
                    : Optional.of(Arrays.copyOf(head, Math.min(head.length, TELLING)));
        } catch (IOException e) {
            throw Problem.badRequest(
                    "broken-coredump",
                    "The coredump begins as %s data but can not be unpacked: %s",
                    packing.map(Packing::label).orElse("plain"),
                    e.getMessage());
        }
        if (plain.isPresent() && !CoredumpFormat.mayBegin(ByteReader.of("coredump", plain.get()))) {
            byte[] found = plain.get();
            throw Problem.of(
                    415,
                    "coredump-not-known",
                    "The coredump begins with %s%s: wanted %s",
                    HexFormat.ofDelimiter(" ").formatHex(found, 0, Math.min(SHOWN, found.length)),
                    packing.map(outer -> " inside its " + outer.label() + " data")
                            .orElse(""),
                    wanted());
        }
    }

    private static String wanted() {
        return CoredumpFormat.KNOWN.stream().map(CoredumpFormat::description).collect(Collectors.joining(" or "))
                + ", plain, as gzip, zstd, xz, lz4 or bzip2, or in a zip archive";
    }
}
