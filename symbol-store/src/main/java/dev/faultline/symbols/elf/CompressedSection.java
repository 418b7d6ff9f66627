package dev.faultline.symbols.elf;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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

    /** Larger ones go to a file that has no name any more, so that the heap stays small. */
    private static final int MOST_HEAP_BYTES = 1 << 20;

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

    /** The contents; {@code arena} keeps them. */
    ByteReader decompress(Arena arena, Limits limits, long bytesLeft) {
        if (size < 0 || size > bytesLeft) {
            throw packed.error("0x%x bytes when decompressed, 0x%x allowed", size, bytesLeft);
        }
        if (size / limits.decompressionRatio() > packed.size()) {
            throw packed.error(
                    "0x%x bytes out of 0x%x, more than %d:1", size, packed.size(), limits.decompressionRatio());
        }
        try (InputStream in = unpacked()) {
            var bytes = size <= MOST_HEAP_BYTES ? MemorySegment.ofArray(in.readNBytes((int) size)) : spill(in, arena);
            if (bytes.byteSize() != size || in.read() >= 0) {
                throw packed.error("decompresses to other than 0x%x bytes", size);
            }
            return ByteReader.of(packed.name(), bytes).order(packed.order());
        } catch (IOException e) {
            // the source is memory: only the decoder fails
            FormatException damage = packed.error("does not decompress: %s", String.valueOf(e.getMessage()));
            damage.initCause(e);
            throw damage;
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

    private MemorySegment spill(InputStream in, Arena arena) throws IOException {
        Path file;
        FileChannel channel;
        try {
            file = Files.createTempFile("faultline-section", ".tmp");
            channel = FileChannel.open(
                    file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try (channel) {
            byte[] buffer = new byte[1 << 16];
            long left = size;
            int count;
            while (left > 0 && (count = in.read(buffer, 0, (int) Math.min(left, buffer.length))) >= 0) {
                write(channel, ByteBuffer.wrap(buffer, 0, count));
                left -= count;
            }
            return map(channel, arena);
        }
    }

    private static void write(FileChannel channel, ByteBuffer bytes) {
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static MemorySegment map(FileChannel channel, Arena arena) {
        try {
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
