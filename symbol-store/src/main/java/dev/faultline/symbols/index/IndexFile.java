package dev.faultline.symbols.index;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.elf.BuildId;
import dev.faultline.symbols.index.IndexFormat.Part;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.zip.CRC32C;

/** A mapped index file whose header is right; {@link #verify} reads the rest. */
final class IndexFile implements AutoCloseable {
    /** A ByteBuffer ends at 2 GiB. */
    private static final long CHECKSUM_CHUNK = 1L << 30;

    private final Arena arena;
    private final int machine;
    private final int addressSize;
    private final ByteOrder order;
    private final BuildId buildId;
    private final Words words;
    private final Map<Part, MemorySegment> parts = new EnumMap<>(Part.class);
    private final Map<Part, Long> checksums = new EnumMap<>(Part.class);

    private IndexFile(Arena arena, ByteReader file) {
        this.arena = arena;
        byte[] magic = file.bytes(IndexFormat.MAGIC.length);
        if (!Arrays.equals(magic, IndexFormat.MAGIC)) {
            throw file.error("not a symbol index: it does not begin with FLTINDEX");
        }
        long version = file.u32();
        if (version != IndexFormat.VERSION) {
            throw file.error("format version %d, wanted %d", version, IndexFormat.VERSION);
        }
        long headerSize = file.u32();
        long fileSize = file.u64();
        if (headerSize != IndexWriter.HEADER) {
            throw file.error("header of 0x%x bytes, wanted 0x%x", headerSize, IndexWriter.HEADER);
        }
        if (fileSize != file.size()) {
            throw file.error("0x%x bytes, the header says 0x%x", file.size(), fileSize);
        }
        var header = file.slice("index header", 0, headerSize);
        long stored = header.copy().seek(headerSize - IndexFormat.CHECKSUM).u32();
        long found = checksum(header.segment().asSlice(0, headerSize - IndexFormat.CHECKSUM));
        if (stored != found) {
            throw header.error("checksum 0x%x, the header says 0x%x", found, stored);
        }
        header.seek(IndexFormat.MACHINE_AT);
        this.machine = header.u16();
        this.addressSize = header.u8();
        this.order = header.u8() == 1 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
        int width = header.u8();
        if (width != Integer.BYTES && width != Long.BYTES) {
            throw header.error("words of %d bytes, wanted 4 or 8", width);
        }
        int idBytes = header.u8();
        header.skip(2); // number of sections, which headerSize has settled
        this.words = new Words(width, header.u64());
        if (idBytes < 1 || idBytes > IndexFormat.BUILD_ID_BYTES) {
            throw header.error("build id of %d bytes, wanted 1 to %d", idBytes, IndexFormat.BUILD_ID_BYTES);
        }
        this.buildId = BuildId.of(header.bytes(idBytes));
        header.seek(IndexFormat.DIRECTORY_AT);
        for (int i = 0; i < Part.ALL.size(); i++) {
            readPart(file, header, i);
        }
    }

    static IndexFile open(Path path) {
        Arena arena = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(path)) {
            var bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            return new IndexFile(arena, ByteReader.of(String.valueOf(path.getFileName()), bytes));
        } catch (IOException e) {
            arena.close();
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    int machine() {
        return machine;
    }

    int addressSize() {
        return addressSize;
    }

    ByteOrder order() {
        return order;
    }

    BuildId buildId() {
        return buildId;
    }

    Words words() {
        return words;
    }

    MemorySegment part(Part part) {
        MemorySegment bytes = parts.get(part);
        if (bytes == null) {
            throw new IllegalStateException("every part was read");
        }
        return bytes;
    }

    ByteReader reader(Part part) {
        return ByteReader.of(part.name(), part(part));
    }

    /** Reads the whole file and compares it with its checksums. */
    void verify() {
        checksums.forEach((part, stored) -> {
            long found = checksum(part(part));
            if (found != stored) {
                throw reader(part).error("checksum 0x%x, the header says 0x%x", found, stored);
            }
        });
    }

    @Override
    public void close() {
        arena.close();
    }

    private void readPart(ByteReader file, ByteReader header, int wanted) {
        long kind = header.u32();
        long stored = header.u32();
        long offset = header.u64();
        long size = header.u64();
        if (kind != wanted) {
            throw header.error("section %d, wanted %d", kind, wanted);
        }
        var part = Part.ALL.get(wanted);
        var bytes = file.slice(part.name(), offset, size).segment();
        checksums.put(part, stored);
        parts.put(part, bytes);
    }

    private static long checksum(MemorySegment bytes) {
        var crc = new CRC32C();
        for (long at = 0; at < bytes.byteSize(); at += CHECKSUM_CHUNK) {
            crc.update(bytes.asSlice(at, Math.min(CHECKSUM_CHUNK, bytes.byteSize() - at))
                    .asByteBuffer());
        }
        return crc.getValue();
    }
}
