package dev.faultline.symbols.index;

import dev.faultline.symbols.elf.BuildId;
import dev.faultline.symbols.index.IndexFormat.Part;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.zip.CRC32C;

/** Writes an index file: whole under its name, or not at all. */
final class IndexWriter {
    private final int machine;
    private final int addressSize;
    private final ByteOrder order;
    private final BuildId buildId;
    private final int width;
    private final long base;
    private final Map<Part, Bytes> parts = new EnumMap<>(Part.class);

    /**
     * A file without sections yet.
     *
     * @param width bytes of a word, 4 or 8
     * @param base what addresses in words count from
     */
    IndexWriter(int machine, int addressSize, ByteOrder order, BuildId buildId, int width, long base) {
        this.machine = machine;
        this.addressSize = addressSize;
        this.order = order;
        this.buildId = buildId;
        this.width = width;
        this.base = base;
    }

    void put(Part part, Bytes bytes) {
        parts.put(part, bytes);
    }

    void write(Path file) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        if (directory == null) {
            throw new IOException("no directory to write " + file + " into");
        }
        Path temporary = Files.createTempFile(directory, "index", ".tmp");
        try {
            try (var channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                write(channel, header().buffer());
                for (int i = 0; i < Part.ALL.size(); i++) {
                    write(channel, bytes(Part.ALL.get(i)).buffer());
                }
                channel.force(true);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private Bytes header() {
        int size = IndexFormat.DIRECTORY_AT + Part.ALL.size() * IndexFormat.DIRECTORY_ENTRY + IndexFormat.CHECKSUM;
        long fileSize = size;
        for (int i = 0; i < Part.ALL.size(); i++) {
            fileSize += bytes(Part.ALL.get(i)).size();
        }
        var header = new Bytes();
        header.bytes(IndexFormat.MAGIC);
        header.u32(IndexFormat.VERSION);
        header.u32(size);
        header.u64(fileSize);
        header.u16(machine);
        header.u8(addressSize);
        header.u8(order == ByteOrder.LITTLE_ENDIAN ? 1 : 2);
        header.u8(width);
        byte[] id = HexFormat.of().parseHex(buildId.hex());
        header.u8(id.length);
        header.u16(Part.ALL.size());
        header.u64(base);
        header.bytes(id);
        header.bytes(new byte[IndexFormat.BUILD_ID_BYTES - id.length]);
        long offset = size;
        for (int i = 0; i < Part.ALL.size(); i++) {
            Bytes bytes = bytes(Part.ALL.get(i));
            header.u32(i);
            header.u32(checksum(bytes));
            header.u64(offset);
            header.u64(bytes.size());
            offset += bytes.size();
        }
        header.u32(checksum(header));
        return header;
    }

    private Bytes bytes(Part part) {
        Bytes bytes = parts.get(part);
        if (bytes == null) {
            throw new IllegalStateException("section " + part + " was not written");
        }
        return bytes;
    }

    private static long checksum(Bytes bytes) {
        var crc = new CRC32C();
        crc.update(bytes.buffer());
        return crc.getValue();
    }

    private static void write(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
