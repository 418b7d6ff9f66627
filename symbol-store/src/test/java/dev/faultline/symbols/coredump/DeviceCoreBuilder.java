package dev.faultline.symbols.coredump;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Writes device cores by FORMAT.md for the cases that no emulator produces. */
public final class DeviceCoreBuilder {
    private static final int SP = 13;

    private final ByteArrayOutputStream notes = new ByteArrayOutputStream();
    private final StringBuilder keys = new StringBuilder();
    private final List<Region> regions = new ArrayList<>();

    private record Region(long address, MemorySegment bytes) {}

    /** A thread with r0 … r12 zero unless given; {@code registers} by number, 16 is xPSR. */
    public DeviceCoreBuilder thread(int id, Map<Integer, Long> registers) {
        note("CORE", 1, bytes(148, status -> {
            status.putInt(24, id);
            registers.forEach((register, value) -> status.putInt(72 + 4 * register, value.intValue()));
        }));
        return this;
    }

    /** A thread of which only pc, lr, sp matter. */
    public DeviceCoreBuilder thread(int id, long pc, long lr, long sp) {
        return thread(id, Map.of(15, pc, 14, lr, SP, sp));
    }

    /** A note of floating-point registers, NT_ARM_VFP, whose bytes count up. */
    public DeviceCoreBuilder floats(int size) {
        note("LINUX", 0x400, bytes(size, into -> {
            for (int i = 0; i < size; i++) {
                into.put(i, (byte) i);
            }
        }));
        return this;
    }

    public DeviceCoreBuilder key(String key, String value) {
        keys.append(key).append('=').append(value).append('\0');
        return this;
    }

    public DeviceCoreBuilder words(long address, long... words) {
        return bytes(address, bytes(4 * words.length, into -> {
            for (long word : words) {
                into.putInt((int) word);
            }
        }));
    }

    public DeviceCoreBuilder bytes(long address, byte[] bytes) {
        regions.add(new Region(address, MemorySegment.ofArray(bytes)));
        return this;
    }

    /** CFSR, HFSR, DFSR, MMFAR, BFAR at their places. */
    public DeviceCoreBuilder faultRegisters(long cfsr, long hfsr, long mmfar, long bfar) {
        return words(0xe000_ed28L, cfsr, hfsr, 0, mmfar, bfar);
    }

    /** The file, with the identity note last. */
    public byte[] build() {
        var identity = keys.toString().getBytes(StandardCharsets.UTF_8);
        note("Faultline", 1, bytes(4 + identity.length, into -> into.putInt(1).put(identity)));
        return buildWithoutIdentity();
    }

    public byte[] buildWithoutIdentity() {
        int headers = 52 + 32 * (1 + regions.size());
        int offset = headers;
        var file = new ByteArrayOutputStream();
        file.writeBytes(header(1 + regions.size()));
        file.writeBytes(programHeader(4, offset, 0, notes.size()));
        offset += notes.size();
        for (var region : regions) {
            file.writeBytes(programHeader(
                    1, offset, region.address(), (int) region.bytes().byteSize()));
            offset += (int) region.bytes().byteSize();
        }
        file.writeBytes(notes.toByteArray());
        regions.forEach(region -> file.writeBytes(region.bytes().toArray(ValueLayout.JAVA_BYTE)));
        return file.toByteArray();
    }

    public MemorySegment segment() {
        return MemorySegment.ofArray(build());
    }

    private static byte[] header(int programHeaders) {
        return bytes(
                52,
                into -> into.put(new byte[] {0x7f, 'E', 'L', 'F', 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0})
                        .putShort((short) 4)
                        .putShort((short) 40)
                        .putInt(1)
                        .putInt(0)
                        .putInt(52)
                        .putInt(0)
                        .putInt(0x0500_0000)
                        .putShort((short) 52)
                        .putShort((short) 32)
                        .putShort((short) programHeaders));
    }

    private static byte[] programHeader(int type, int offset, long address, int size) {
        return bytes(
                32,
                into -> into.putInt(type)
                        .putInt(offset)
                        .putInt((int) address)
                        .putInt(0)
                        .putInt(size)
                        .putInt(size)
                        .putInt(6)
                        .putInt(4));
    }

    private void note(String owner, int type, byte[] description) {
        var name = (owner + "\0").getBytes(StandardCharsets.UTF_8);
        notes.writeBytes(bytes(
                12, into -> into.putInt(name.length).putInt(description.length).putInt(type)));
        padded(name);
        padded(description);
    }

    private void padded(byte[] bytes) {
        notes.writeBytes(bytes);
        notes.writeBytes(new byte[-bytes.length & 3]);
    }

    private static byte[] bytes(int size, Consumer<ByteBuffer> content) {
        byte[] bytes = new byte[size];
        content.accept(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
        return bytes;
    }
}
