package dev.faultline.symbols.logs;

import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.coredump.Memory;

/**
 * The ring-buffer log of the device library ({@code struct faultline_log}, FORMAT.md "Log ring"): magic, capacity, head,
 * reserved, then the bytes; byte k of the stream is at k modulo capacity.
 */
final class RingLog {
    /** The global of the device library. */
    static final String SYMBOL = "faultline_log";

    private static final long MAGIC = 0x4654_4c31L;
    private static final int HEADER_BYTES = 16;

    private RingLog() {}

    /** Reads the log at {@code address}; what is damaged becomes a warning. */
    static ReadLog read(Memory memory, long address, Limits limits) {
        var magic = memory.unsigned(address, 4);
        var capacity = memory.unsigned(address + 4, 4);
        var head = memory.unsigned(address + 8, 4);
        if (magic.isEmpty() || capacity.isEmpty() || head.isEmpty()) {
            return ReadLog.none("The log at 0x%08x was not captured".formatted(address));
        }
        if (magic.getAsLong() == 0) {
            return ReadLog.none("The log at 0x%08x was never written to".formatted(address));
        }
        if (magic.getAsLong() != MAGIC) {
            return ReadLog.none(
                    "The log at 0x%08x begins with 0x%08x; wanted 0x%08x".formatted(address, magic.getAsLong(), MAGIC));
        }
        long size = capacity.getAsLong();
        if (size > limits.logBytes() || Long.bitCount(size) != 1) {
            return ReadLog.none("The log at 0x%08x has a capacity of %d; wanted a power of two up to %d"
                    .formatted(address, size, limits.logBytes()));
        }
        var ring = memory.bytes(address + HEADER_BYTES, (int) size);
        return ring.isEmpty()
                ? ReadLog.none("The %d bytes of the log at 0x%08x were not all captured".formatted(size, address))
                : ReadLog.of(LogText.lines(RingBytes.of(ring.get(), head.getAsLong())));
    }
}
