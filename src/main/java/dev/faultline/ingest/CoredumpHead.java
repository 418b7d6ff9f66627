package dev.faultline.ingest;

import dev.faultline.http.Packing;
import dev.faultline.http.Problem;
import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.coredump.CoredumpFormat;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
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
        var packing = Packing.of(head);
        byte[] plain;
        try {
            plain = packing.isPresent()
                    ? packing.get().peek(head, TELLING)
                    : Arrays.copyOf(head, Math.min(head.length, TELLING));
        } catch (IOException e) {
            throw Problem.badRequest(
                    "broken-coredump",
                    "The coredump begins as %s data but can not be unpacked: %s",
                    packing.map(Packing::label).orElse("plain"),
                    e.getMessage());
        }
        if (!CoredumpFormat.mayBegin(ByteReader.of("coredump", plain))) {
            throw Problem.of(
                    415,
                    "coredump-not-known",
                    "The coredump begins with %s%s: wanted %s",
                    HexFormat.ofDelimiter(" ").formatHex(plain, 0, Math.min(SHOWN, plain.length)),
                    packing.map(found -> " inside its " + found.label() + " data")
                            .orElse(""),
                    wanted());
        }
    }

    private static String wanted() {
        return CoredumpFormat.KNOWN.stream().map(CoredumpFormat::description).collect(Collectors.joining(" or "))
                + ", plain or as gzip, zstd or xz";
    }
}
