package dev.faultline.symbols.coredump;

import com.github.luben.zstd.ZstdInputStream;
import dev.faultline.symbols.bytes.SegmentInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.lz4.FramedLZ4CompressorInputStream;
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
    },
    /** The frame format, as the tool {@code lz4} writes it. */
    LZ4(0x0422_4d18L, 4) {
        @Override
        InputStream open(InputStream in) throws IOException {
            return new FramedLZ4CompressorInputStream(in, true);
        }
    },
    BZIP2(0x42_5a68L, 3) {
        @Override
        InputStream open(InputStream in) throws IOException {
            return new BZip2CompressorInputStream(in, true);
        }
    };

    /** Most memory the xz decoder may take for its dictionary: what {@code xz -9} writes needs 65 MiB. */
    private static final int XZ_KIBIBYTES = 80 << 10;

    /** Largest window of zstd data, 128 MiB, which is where the tool itself stops unless told. */
    private static final int ZSTD_WINDOW_LOG = 27;

    private final long magic;
    private final int magicBytes;

    /** The first bytes as one big-endian number. */
    Compression(long magic, int magicBytes) {
        this.magic = magic;
        this.magicBytes = magicBytes;
    }

    abstract InputStream open(InputStream in) throws IOException;

    /** What these bytes are packed in. */
    static Optional<Compression> of(MemorySegment bytes) {
        return Arrays.stream(values())
                .filter(compression -> compression.begins(bytes))
                .findFirst();
    }

    private boolean begins(MemorySegment bytes) {
        if (bytes.byteSize() < magicBytes) {
            return false;
        }
        long first = 0;
        for (int i = 0; i < magicBytes; i++) {
            first = first << 8 | (bytes.get(ValueLayout.JAVA_BYTE, i) & 0xff);
        }
        return first == magic;
    }

    /**
     * The plain bytes. A stream that breaks off gives what came out before.
     *
     * @param name what the file is called in sentences
     * @throws dev.faultline.symbols.bytes.FormatException when it would become too large, or nothing at all comes out
     */
    UploadedFile unpack(String name, MemorySegment packed, UnpackedBytes.Budget budget) {
        String what = label() + " data";
        try (var plain = new UnpackedBytes(name, what, packed.byteSize(), budget)) {
            try (var in = open(new SegmentInputStream(packed))) {
                plain.fill(in);
                return new UploadedFile(name, plain.bytes(), Optional.empty());
            } catch (IOException e) {
                return new UploadedFile(name, plain.bytesBefore(e), Optional.of(plain.damage(e)));
            }
        }
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
