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

/**
 * Writes an index file: whole under its name, or not at all. Sections come one after the other in the order of
 * {@link Part}, a large one in pieces; {@link #finish} writes the header before them.
 */
final class IndexWriter implements AutoCloseable {
    static final int HEADER =
            IndexFormat.DIRECTORY_AT + Part.ALL.size() * IndexFormat.DIRECTORY_ENTRY + IndexFormat.CHECKSUM;

    private final Path file;
    private final Path temporary;
    private final FileChannel channel;
    private final Map<Part, Section> sections = new EnumMap<>(Part.class);
    private final CRC32C checksum = new CRC32C();
    private long offset = HEADER;
    private long partStart = HEADER;

    private record Section(long offset, long size, long checksum) {}

    /**
     * What the header says of the image.
     *
     * @param width bytes of a word, 4 or 8
     * @param base what addresses in words count from
     */
    record Image(int machine, int addressSize, ByteOrder order, BuildId buildId, int width, long base) {}

    IndexWriter(Path file) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        if (directory == null) {
            throw new IOException("no directory to write " + file + " into");
        }
        this.file = file;
        this.temporary = Files.createTempFile(directory, "index", ".tmp");
        this.channel = FileChannel.open(temporary, StandardOpenOption.WRITE);
        channel.position(offset);
    }

    /** Writes a section. */
    void put(Part part, Bytes bytes) throws IOException {
        append(bytes);
        end(part);
    }

    /** Writes the next piece of a section. */
    void append(Bytes bytes) throws IOException {
        checksum.update(bytes.buffer());
        offset += bytes.size();
        write(bytes.buffer());
    }

    /** The pieces so far are this section. */
    void end(Part part) {
        if (Part.ALL.indexOf(part) != sections.size()) {
            throw new IllegalStateException("section " + part + " after " + sections.size() + " others");
        }
        sections.put(part, new Section(partStart, offset - partStart, checksum.getValue()));
        checksum.reset();
        partStart = offset;
    }

    /** Makes the file appear. */
    void finish(Image image) throws IOException {
        channel.position(0);
        write(header(image).buffer());
        channel.force(true);
        channel.close();
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void close() throws IOException {
        channel.close();
        Files.deleteIfExists(temporary);
    }

    private Bytes header(Image image) {
        var header = new Bytes();
        header.bytes(IndexFormat.MAGIC);
        header.u32(IndexFormat.VERSION);
        header.u32(HEADER);
        header.u64(offset);
        header.u16(image.machine());
        header.u8(image.addressSize());
        header.u8(image.order() == ByteOrder.LITTLE_ENDIAN ? 1 : 2);
        header.u8(image.width());
        byte[] id = HexFormat.of().parseHex(image.buildId().hex());
        header.u8(id.length);
        header.u16(Part.ALL.size());
        header.u64(image.base());
        header.bytes(id);
        header.bytes(new byte[IndexFormat.BUILD_ID_BYTES - id.length]);
        sections.forEach((part, section) -> {
            header.u32(Part.ALL.indexOf(part));
            header.u32(section.checksum());
            header.u64(section.offset());
            header.u64(section.size());
        });
        var crc = new CRC32C();
        crc.update(header.buffer());
        header.u32(crc.getValue());
        return header;
    }

    private void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
