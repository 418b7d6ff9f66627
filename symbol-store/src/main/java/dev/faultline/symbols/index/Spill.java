package dev.faultline.symbols.index;

import dev.faultline.symbols.bytes.FormatException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * What a worker has found, until the index is written: appended, then read in place. The heap holds its end only; the rest
 * is in a file that vanishes with it, so that a large debug file needs no large heap.
 */
final class Spill implements AutoCloseable {
    private static final int HEAP_BYTES = 1 << 18;

    private final Path directory;
    private final long most;
    private final Bytes tail = new Bytes();
    private long written;
    private @Nullable FileChannel file;

    /** In {@code directory}, {@code most} bytes at the most. */
    Spill(Path directory, long most) {
        this.directory = directory;
        this.most = most;
    }

    /** Where the next bytes go. */
    long size() {
        return written + tail.size();
    }

    void append(Bytes bytes) {
        if (bytes.size() > most - size()) {
            throw new FormatException("functions and lines of more than %d bytes".formatted(most));
        }
        tail.bytes(bytes);
        if (tail.size() >= HEAP_BYTES) {
            flush();
        }
    }

    /** All bytes; nothing may be appended any more. */
    MemorySegment contents(Arena arena) {
        if (file == null) {
            return MemorySegment.ofBuffer(tail.buffer());
        }
        flush();
        try {
            return file.map(FileChannel.MapMode.READ_ONLY, 0, written, arena);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        if (file != null) {
            try {
                file.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void flush() {
        try {
            if (file == null) {
                file = FileChannel.open(
                        Files.createTempFile(directory, "functions", ".tmp"),
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.DELETE_ON_CLOSE);
            }
            var bytes = tail.buffer();
            while (bytes.hasRemaining()) {
                written += file.write(bytes);
            }
            tail.clear();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
