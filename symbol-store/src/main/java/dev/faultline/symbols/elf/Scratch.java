package dev.faultline.symbols.elf;

import dev.faultline.symbols.bytes.ByteReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Where bytes live that are made out of a file's: decompressed or relocated sections. Few stay in the heap, more go to a
 * file that has no name any more and is mapped as long as the arena lives. All of them together are bounded. Safe for
 * use by many threads.
 */
final class Scratch {
    private static final int MOST_HEAP_BYTES = 1 << 20;

    private final Arena arena;
    private final long most;
    private final AtomicLong bytesLeft;

    Scratch(Arena arena, long most) {
        this.arena = arena;
        this.most = most;
        this.bytesLeft = new AtomicLong(most);
    }

    /** Sets {@code size} bytes aside, before any of them is made. */
    void reserve(ByteReader source, long size) {
        long left = bytesLeft.getAndUpdate(before -> size < 0 || size > before ? before : before - size);
        if (size < 0 || size > left) {
            throw source.error("becomes %s bytes; %d of %d are left", Long.toUnsignedString(size), left, most);
        }
    }

    /** Sets aside what is left of {@code size} bytes, for contents whose size nobody tells before; how many. */
    long reserveUpTo(long size) {
        long left = bytesLeft.getAndUpdate(before -> before - Math.min(before, size));
        return Math.min(left, size);
    }

    /** Gives back what was reserved and not kept. */
    void release(long size) {
        bytesLeft.addAndGet(size);
    }

    /**
     * The stream's bytes up to its end or up to {@code most}, which were reserved, writable.
     *
     * @throws IOException when the stream breaks; trouble with the disk is an UncheckedIOException
     */
    MemorySegment keep(InputStream in, long most) throws IOException {
        byte[] first = in.readNBytes((int) Math.min(most, MOST_HEAP_BYTES));
        if (first.length < MOST_HEAP_BYTES || most == MOST_HEAP_BYTES) {
            return MemorySegment.ofArray(first);
        }
        try (FileChannel channel = namelessFile()) {
            write(channel, ByteBuffer.wrap(first));
            byte[] buffer = new byte[1 << 16];
            long left = most - first.length;
            int count;
            while (left > 0 && (count = in.read(buffer, 0, (int) Math.min(left, buffer.length))) >= 0) {
                write(channel, ByteBuffer.wrap(buffer, 0, count));
                left -= count;
            }
            return map(channel);
        }
    }

    private static FileChannel namelessFile() {
        try {
            Path file = Files.createTempFile("faultline-section", ".tmp");
            return FileChannel.open(
                    file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Written, not only mapped: a full disk is an exception here and a fault of the machine there. */
    private static void write(FileChannel channel, ByteBuffer bytes) {
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private MemorySegment map(FileChannel channel) {
        try {
            return channel.map(FileChannel.MapMode.READ_WRITE, 0, channel.size(), arena);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
