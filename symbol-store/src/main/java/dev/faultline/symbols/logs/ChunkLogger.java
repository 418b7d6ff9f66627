package dev.faultline.symbols.logs;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.coredump.Memory;
import java.util.Optional;

/**
 * The logger of firmware that speaks the chunk protocol: a structure, and a ring of entries that it points at. Whether a
 * structure is one shows in its version and in a checksum.
 */
final class ChunkLogger {
    /** Private to its file. */
    static final String SYMBOL = "s_memfault_ram_logger";

    private static final int VERSION = 1;

    private final Memory memory;
    private final long address;
    private final ChunkLoggerLayout layout;
    private final int wordBytes;
    private final Limits limits;

    ChunkLogger(Memory memory, long address, ChunkLoggerLayout layout, int wordBytes, Limits limits) {
        this.memory = memory;
        this.address = address;
        this.layout = layout;
        this.wordBytes = wordBytes;
        this.limits = limits;
    }

    /** The bytes of all entries, oldest first; or why there are none, as a sentence. */
    sealed interface Contents {}

    record Entries(ByteReader entries) implements Contents {}

    record None(String why) implements Contents {}

    /** Whether the structure is a logger that works. */
    boolean isValid() {
        return flaw().isEmpty();
    }

    Contents contents() {
        var flaw = flaw();
        if (flaw.isPresent()) {
            return new None("The log at 0x%08x %s".formatted(address, flaw.get()));
        }
        long storage = word(layout.storage());
        int total = (int) word(layout.totalSpace());
        int size = (int) word(layout.readSize());
        int first = (int) word(layout.readOffset());
        var ring = memory.bytes(storage, total);
        if (ring.isEmpty()) {
            return new None("The %d bytes of the log at 0x%08x were not all captured".formatted(total, storage));
        }
        var bytes = new byte[size];
        int end = Math.min(size, total - first);
        System.arraycopy(ring.get(), first, bytes, 0, end);
        System.arraycopy(ring.get(), 0, bytes, end, size - end);
        return new Entries(ByteReader.of("log entries", bytes));
    }

    /** What is wrong with the structure; empty: nothing. */
    private Optional<String> flaw() {
        var whole = memory.bytes(address, (int) layout.size());
        if (whole.isEmpty()) {
            return Optional.of("was not captured");
        }
        long version = memory.unsigned(address + layout.version(), 1).orElse(0);
        long enabled = memory.unsigned(address + layout.enabled(), 1).orElse(0);
        if (version != VERSION || enabled != 1) {
            return Optional.of(
                    version == 0 && enabled == 0
                            ? "was never started"
                            : "has version %d and enabled %d; wanted %d and 1".formatted(version, enabled, VERSION));
        }
        long total = word(layout.totalSpace());
        if (word(layout.storage()) != word(layout.regionStorage()) || total != word(layout.regionLength())) {
            return Optional.of("says in two places where its ring is, and not the same");
        }
        int checksum = (int) memory.unsigned(address + layout.checksum(), 2).orElse(-1);
        int computed = memory.bytes(address + layout.regionStorage(), 2 * wordBytes)
                .map(Crc16::of)
                .orElse(-2);
        if (checksum != computed) {
            return Optional.of("has a checksum of 0x%04x; computed 0x%04x".formatted(checksum, computed));
        }
        if (total < 1 || total > limits.logBytes()) {
            return Optional.of("has a ring of %s bytes; wanted 1 to %d"
                    .formatted(Long.toUnsignedString(total), limits.logBytes()));
        }
        if (Long.compareUnsigned(word(layout.readSize()), total) > 0
                || Long.compareUnsigned(word(layout.readOffset()), total) >= 0) {
            return Optional.of("has entries of %s bytes from %s on in a ring of %d"
                    .formatted(
                            Long.toUnsignedString(word(layout.readSize())),
                            Long.toUnsignedString(word(layout.readOffset())),
                            total));
        }
        return Optional.empty();
    }

    private long word(long offset) {
        return memory.unsigned(address + offset, wordBytes).orElse(0);
    }
}
