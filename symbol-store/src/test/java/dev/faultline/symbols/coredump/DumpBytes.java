package dev.faultline.symbols.coredump;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.Limits;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.LongStream;

/** Little-endian bytes of a dump, written down field by field. */
final class DumpBytes {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    DumpBytes u8(int value) {
        out.write(value);
        return this;
    }

    DumpBytes u16(int value) {
        return u8(value & 0xff).u8(value >>> 8);
    }

    DumpBytes u32(long... values) {
        for (long value : values) {
            out.writeBytes(ByteBuffer.allocate(4)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt((int) value)
                    .array());
        }
        return this;
    }

    DumpBytes u64(long... values) {
        for (long value : values) {
            u32(value, value >>> 32);
        }
        return this;
    }

    DumpBytes text(String text) {
        return bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    DumpBytes bytes(byte... bytes) {
        out.writeBytes(bytes);
        return this;
    }

    DumpBytes bytes(DumpBytes other) {
        return bytes(other.array());
    }

    /** {@code count} words from {@code first} on, each one more. */
    DumpBytes counting(long first, int count) {
        return u32(LongStream.range(first, first + count).toArray());
    }

    DumpBytes zeros(int count) {
        return bytes(new byte[count]);
    }

    int size() {
        return out.size();
    }

    byte[] array() {
        return out.toByteArray();
    }

    /** Through the front door, as an upload. */
    List<Coredump> read() {
        return read(array());
    }

    static List<Coredump> read(byte[] upload) {
        return CoredumpFormat.read(MemorySegment.ofArray(upload), Limits.DEFAULT);
    }

    static List<Coredump> read(String text) {
        return read(text.getBytes(StandardCharsets.UTF_8));
    }

    static ByteReader reader(byte[] bytes) {
        return ByteReader.of("coredump", bytes);
    }

    static long register(Coredump coredump, String name) {
        return register(coredump, 0, name);
    }

    static long register(Coredump coredump, int thread, String name) {
        int number = coredump.architecture().registerNames().indexOf(name);
        return coredump.threads().get(thread).registers().get(number).orElseThrow();
    }

    static boolean has(Coredump coredump, String name) {
        int number = coredump.architecture().registerNames().indexOf(name);
        return coredump.threads().getFirst().registers().has(number);
    }
}
