package dev.faultline.symbols.elf;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.bytes.SegmentInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.util.zip.InflaterInputStream;

/**
 * A section as the file holds it: how it is packed and how large it becomes.
 *
 * @param packing {@code ch_type}
 * @param size bytes after decompression, as the file says
 * @param packed the compressed bytes
 */
record CompressedSection(long packing, long size, ByteReader packed) {
    private static final long ELFCOMPRESS_ZLIB = 1;
    private static final long ELFCOMPRESS_ZSTD = 2;

    /** The GNU way of before SHF_COMPRESSED: {@code .zdebug_info} begins with ZLIB and a big-endian size. */
    private static final long ZLIB = 0x5a4c4942;

    /** Reads an {@code Elf32_Chdr} or {@code Elf64_Chdr} (gABI, "Section Compression"). */
    static CompressedSection read(ByteReader in, boolean is64Bit) {
        long packing = in.u32();
        if (is64Bit) {
            in.skip(4);
        }
        long size = in.unsigned(is64Bit ? 8 : 4);
        in.skip(is64Bit ? 8 : 4); // ch_addralign
        return new CompressedSection(packing, size, in.take(in.name(), in.remaining()));
    }

    static CompressedSection readGnu(ByteReader in) {
        var header = in.order(ByteOrder.BIG_ENDIAN);
        long magic = header.u32();
        if (magic != ZLIB) {
            throw header.error("found 0x%x, wanted ZLIB", magic);
        }
        long size = header.u64();
        return new CompressedSection(ELFCOMPRESS_ZLIB, size, in.slice(in.name(), 12, in.size() - 12));
    }

    /** The contents; {@code scratch} keeps them. */
    ByteReader decompress(Scratch scratch, Limits limits) {
        if (size < 0 || size / limits.decompressionRatio() > packed.size()) {
            throw packed.error(
                    "0x%x bytes out of 0x%x, more than %d:1", size, packed.size(), limits.decompressionRatio());
        }
        scratch.reserve(packed, size);
        boolean kept = false;
        try (InputStream in = unpacked()) {
            var bytes = scratch.keep(in, size);
            if (bytes.byteSize() != size || in.read() >= 0) {
                throw packed.error("decompresses to other than 0x%x bytes", size);
            }
            kept = true;
            return ByteReader.of(packed.name(), bytes.asReadOnly()).order(packed.order());
        } catch (IOException e) {
            // the source is memory: only the decoder fails
            FormatException damage = packed.error("does not decompress: %s", String.valueOf(e.getMessage()));
            damage.initCause(e);
            throw damage;
        } finally {
            if (!kept) {
                scratch.release(size);
            }
        }
    }

    private InputStream unpacked() throws IOException {
        var bytes = new SegmentInputStream(packed.segment());
        if (packing == ELFCOMPRESS_ZLIB) {
            return new InflaterInputStream(bytes);
        }
        if (packing == ELFCOMPRESS_ZSTD) {
            return new ZstdInputStreamNoFinalizer(bytes);
        }
        throw packed.error("ch_type %d, wanted 1 (zlib) or 2 (zstd)", packing);
    }
}
