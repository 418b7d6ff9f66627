package dev.faultline.symbols.coredump;

import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import java.io.ByteArrayOutputStream;
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
import org.jspecify.annotations.Nullable;

/**
 * What comes out of packed data: on the heap while it is small, in a temporary file that is mapped and has no name any more
 * when it is not. Closing frees what was not taken.
 */
final class UnpackedBytes implements AutoCloseable {
    /** Most bytes that packed data may become. */
    static final long MOST_BYTES = 1L << 30;

    /**
     * The core of an idle process is mostly zeros, thousands for each packed byte; the ratio counts from here on. What is
     * below costs a file of this size and a fraction of a second.
     */
    static final long RATIO_COUNTS_FROM = 64L << 20;

    /** More than this is no dump of a microcontroller and goes to a file. */
    static final int MOST_ON_HEAP = 8 << 20;

    private static final int CHUNK = 64 << 10;

    /**
     * What may come out.
     *
     * @param ratio most bytes for each packed one
     */
    record Budget(long bytes, int ratio) {

        static Budget of(Limits limits) {
            return new Budget(Math.min(MOST_BYTES, limits.decompressedBytes()), limits.decompressionRatio());
        }

        /** What is left when so many bytes came out. */
        Budget without(long spent) {
            return new Budget(bytes - spent, ratio);
        }
    }

    private final String name;
    private final String what;
    private final long packed;
    private final Budget budget;
    private final ByteArrayOutputStream heap;
    private @Nullable FileChannel file;
    private long size;

    /**
     * @param name what the file is called in sentences
     * @param what what it is unpacked from, such as "gzip data"
     * @param packed its bytes
     */
    UnpackedBytes(String name, String what, long packed, Budget budget) {
        this.name = name;
        this.what = what;
        this.packed = packed;
        this.budget = budget;
        this.heap = new ByteArrayOutputStream((int) Math.min(1 << 20, 4 * packed));
    }

    /**
     * Takes all of a stream.
     *
     * @throws IOException from the stream: the data is broken there
     * @throws FormatException when too much comes out
     */
    void fill(InputStream plain) throws IOException {
        byte[] chunk = new byte[CHUNK];
        for (int count = plain.read(chunk); count >= 0; count = plain.read(chunk)) {
            add(chunk, count);
            size += count;
            check();
        }
    }

    private void add(byte[] chunk, int count) {
        try {
            if (file == null && size + count > MOST_ON_HEAP) {
                file = temporary();
                write(file, heap.toByteArray(), heap.size());
                heap.reset();
            }
            if (file == null) {
                heap.write(chunk, 0, count);
            } else {
                write(file, chunk, count);
            }
        } catch (IOException e) {
            // not the data is broken but this machine's disk full
            throw new UncheckedIOException("no room for the unpacked coredump: " + e.getMessage(), e);
        }
    }

    private static FileChannel temporary() throws IOException {
        Path path = Files.createTempFile("faultline-coredump", null);
        try {
            return FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        } finally {
            // open files and mappings live on without their name, and nothing is left behind whatever happens
            Files.delete(path);
        }
    }

    private static void write(FileChannel file, byte[] bytes, int count) throws IOException {
        var left = ByteBuffer.wrap(bytes, 0, count);
        while (left.hasRemaining()) {
            file.write(left);
        }
    }

    private void check() {
        if (size > budget.bytes()) {
            throw new FormatException(
                    "%s at 0x0: %s becomes more than the %d bytes allowed".formatted(name, what, budget.bytes()));
        }
        if (size > RATIO_COUNTS_FROM && size / packed > budget.ratio()) {
            throw new FormatException("%s at 0x0: %s of %d bytes becomes more than %d times as many"
                    .formatted(name, what, packed, budget.ratio()));
        }
    }

    /** All that came out; lives until nobody has it any more. */
    MemorySegment bytes() {
        if (file == null) {
            return MemorySegment.ofArray(heap.toByteArray());
        }
        try {
            return file.map(FileChannel.MapMode.READ_ONLY, 0, size, Arena.ofAuto());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What came out before the data broke off; a FormatException where that is nothing. */
    MemorySegment bytesBefore(IOException broken) {
        if (size == 0) {
            throw new FormatException("%s at 0x0: broken %s: %s".formatted(name, what, broken.getMessage()), broken);
        }
        return bytes();
    }

    /** Where it broke off, as a sentence. */
    String damage(IOException broken) {
        return "The %s is damaged after byte %d of the unpacked %s: %s"
                .formatted(what, size, name, broken.getMessage());
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
}
