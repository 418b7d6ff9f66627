package dev.faultline.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import org.apache.commons.compress.compressors.CompressorException;
import org.apache.commons.compress.compressors.CompressorStreamFactory;

/** What an upload may be packed in: found by its first bytes, or said by {@code Content-Encoding}. */
public enum Packing {
    GZIP(CompressorStreamFactory.GZIP, "1f8b"),
    ZSTD(CompressorStreamFactory.ZSTANDARD, "28b52ffd"),
    XZ(CompressorStreamFactory.XZ, "fd377a585a00");

    /** Most bytes of packed data that are looked at to find out what they are. */
    public static final int HEAD = 64 << 10;

    /** Most memory that a stream may make its decoder take for a dictionary. */
    private static final int DECODER_KIBIBYTES = 128 << 10;

    private final String format;
    private final String magic;

    /** The first bytes in hexadecimal. */
    Packing(String format, String magic) {
        this.format = format;
        this.magic = magic;
    }

    /** The packing that begins with these bytes. */
    public static Optional<Packing> of(byte[] head) {
        return Arrays.stream(values()).filter(packing -> packing.begins(head)).findFirst();
    }

    private boolean begins(byte[] head) {
        int length = magic.length() / 2;
        return head.length >= length
                && HexFormat.of().formatHex(head, 0, length).equals(magic);
    }

    /** The packing of a {@code Content-Encoding}; a 415 problem for one that is not known here. */
    public static Packing ofEncoding(String encoding) {
        String name = encoding.strip().toLowerCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(packing -> name.equals(packing.label()) || name.equals("x-" + packing.label()))
                .findFirst()
                .orElseThrow(() -> Problem.of(
                        415,
                        "encoding-not-known",
                        "Content-Encoding: found %s, wanted gzip, zstd, xz or identity",
                        encoding));
    }

    /** The plain bytes; IOException from here or from reading where they are broken. */
    public InputStream open(InputStream packed) throws IOException {
        try {
            return new CompressorStreamFactory(true, DECODER_KIBIBYTES).createCompressorInputStream(format, packed);
        } catch (CompressorException e) {
            throw new IOException("broken " + label() + " data: " + e.getMessage(), e);
        }
    }

    /** The first plain bytes behind the first packed bytes, as far as they go. */
    public byte[] peek(byte[] head, int most) throws IOException {
        try (var plain = open(new ByteArrayInputStream(head))) {
            byte[] bytes = new byte[most];
            int size = 0;
            while (size < most) {
                int read = readSome(plain, bytes, size);
                if (read < 0) {
                    break;
                }
                size += read;
            }
            return Arrays.copyOf(bytes, size);
        }
    }

    /** The head ends somewhere inside the stream: what came out before counts. */
    private static int readSome(InputStream plain, byte[] bytes, int size) throws IOException {
        try {
            return plain.read(bytes, size, bytes.length - size);
        } catch (IOException endOfHead) {
            if (size == 0) {
                throw endOfHead;
            }
            return -1;
        }
    }

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
