package dev.faultline.symbols.coredump;

import com.github.luben.zstd.ZstdInputStream;
import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.tukaani.xz.XZInputStream;

/** What a coredump may be packed in, found by its first bytes. */
enum Compression {
    GZIP(0x1f8bL, 2) {
        @Override
        InputStream open(InputStream in) throws IOException {
            return new GZIPInputStream(in);
        }
    },
    ZSTD(0x28b5_2ffdL, 4) {
        @Override
        InputStream open(InputStream in) throws IOException {
            return new ZstdInputStream(in).setLongMax(ZSTD_WINDOW_LOG);
        }
    },
    XZ(0xfd37_7a58_5a00L, 6) {
        @Override
        InputStream open(InputStream in) throws IOException {
            return new XZInputStream(in, XZ_KIBIBYTES);
        }
    };

    /** Most bytes a packed coredump may become: it is held in memory while it is read. */
    static final long MOST_BYTES = 64L << 20;

    /** A small dump may well be a thousand zeros for each packed byte; the ratio counts from here on. */
    static final long RATIO_COUNTS_FROM = 1L << 20;

    /** Most memory the xz decoder may take for its dictionary. */
    private static final int XZ_KIBIBYTES = 64 << 10;

    /** Largest window of zstd data: 2^26 bytes, as much as may come out. */
    private static final int ZSTD_WINDOW_LOG = 26;

    /** What came out, and where it broke off. */
    record Unpacked(MemorySegment bytes, Optional<String> damage) {}

    private final long magic;
    private final int magicBytes;

    /** The first bytes as one big-endian number. */
    Compression(long magic, int magicBytes) {
        this.magic = magic;
        this.magicBytes = magicBytes;
    }

    abstract InputStream open(InputStream in) throws IOException;

    /**
     * The plain bytes of an upload. A packed stream that breaks off gives what came out before.
     *
     * @throws FormatException when it would become too large, or nothing at all comes out
     */
    static Unpacked unpack(MemorySegment upload, Limits limits) {
        for (var compression : values()) {
            if (compression.begins(upload)) {
                return compression.unpackAll(upload, limits);
            }
        }
        return new Unpacked(upload, Optional.empty());
    }

    private boolean begins(MemorySegment upload) {
        if (upload.byteSize() < magicBytes) {
            return false;
        }
        long first = 0;
        for (int i = 0; i < magicBytes; i++) {
            first = first << 8 | (upload.get(ValueLayout.JAVA_BYTE, i) & 0xff);
        }
        return first == magic;
    }

    private Unpacked unpackAll(MemorySegment upload, Limits limits) {
        if (upload.byteSize() > MOST_BYTES) {
            throw new FormatException("coredump at 0x0: %s data of %d bytes; at most %d are read"
                    .formatted(label(), upload.byteSize(), MOST_BYTES));
        }
        byte[] packed = upload.toArray(ValueLayout.JAVA_BYTE);
        long most = Math.min(MOST_BYTES, limits.decompressedBytes());
        var plain = new ByteArrayOutputStream(Math.min(1 << 20, 4 * packed.length));
        byte[] chunk = new byte[8192];
        try (var in = open(new ByteArrayInputStream(packed))) {
            for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
                plain.write(chunk, 0, count);
                check(plain.size(), packed.length, most, limits);
            }
            return new Unpacked(MemorySegment.ofArray(plain.toByteArray()), Optional.empty());
        } catch (IOException e) {
            if (plain.size() == 0) {
                throw new FormatException("coredump at 0x0: broken %s data: %s".formatted(label(), e.getMessage()), e);
            }
            return new Unpacked(
                    MemorySegment.ofArray(plain.toByteArray()),
                    Optional.of("The %s data is damaged after byte %d of the unpacked coredump: %s"
                            .formatted(label(), plain.size(), e.getMessage())));
        }
    }

    private void check(long size, long packed, long most, Limits limits) {
        if (size > most) {
            throw new FormatException(
                    "coredump at 0x0: %s data becomes more than the %d bytes allowed".formatted(label(), most));
        }
        if (size > RATIO_COUNTS_FROM && size / packed > limits.decompressionRatio()) {
            throw new FormatException("coredump at 0x0: %s data of %d bytes becomes more than %d times as many"
                    .formatted(label(), packed, limits.decompressionRatio()));
        }
    }

    private String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
