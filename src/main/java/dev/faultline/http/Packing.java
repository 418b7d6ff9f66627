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
    XZ(CompressorStreamFactory.XZ, "fd377a585a00"),
    LZ4(CompressorStreamFactory.LZ4_FRAMED, "04224d18"),
    BZIP2(CompressorStreamFactory.BZIP2, "425a68");

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
                        "Content-Encoding: found %s, wanted gzip, zstd, xz, lz4, bzip2 or identity",
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

    /**
     * The first plain bytes behind the first packed bytes, as far as they go; empty where more packed bytes than
     * {@link #HEAD} are needed for the first plain one, as of bzip2.
     *
     * @throws IOException when the packed bytes are broken
     */
    public Optional<byte[]> peek(byte[] head, int most) throws IOException {
        byte[] bytes = new byte[most];
        int size = 0;
        try (var plain = open(new ByteArrayInputStream(head))) {
            for (int count = 0; count >= 0 && size < most; count = plain.read(bytes, size, most - size)) {
                size += count;
            }
        } catch (IOException endOfHead) {
            if (size == 0 && head.length < HEAD) {
                throw endOfHead;
            }
            // the head ends somewhere inside the stream: what came out before counts
        }
        return size == 0 && head.length >= HEAD ? Optional.empty() : Optional.of(Arrays.copyOf(bytes, size));
    }

    /** Whether these bytes begin a zip archive, which is no packing of one file. */
    public static boolean isZip(byte[] head) {
        return head.length >= 4 && head[0] == 'P' && head[1] == 'K' && head[2] == 3 && head[3] == 4;
    }

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
