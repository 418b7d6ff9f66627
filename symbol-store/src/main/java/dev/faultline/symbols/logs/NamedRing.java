package dev.faultline.symbols.logs;

import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.index.DataSymbol;
import dev.faultline.symbols.unwind.AddressSpace;
import dev.faultline.symbols.unwind.LoadedSymbols.Module;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A ring of text of which only the names of its variables are known. */
final class NamedRing {
    private final LogBuffer buffer;
    private final Module module;
    private final AddressSpace space;
    private final Limits limits;

    NamedRing(LogBuffer buffer, Module module, AddressSpace space, Limits limits) {
        this.buffer = buffer;
        this.module = module;
        this.space = space;
        this.limits = limits;
    }

    /** The ring's lines; empty where the image has no such variable. */
    Optional<ReadLog> read() {
        return module.data(buffer.symbol()).map(this::read);
    }

    private ReadLog read(DataSymbol array) {
        var told = value(buffer.size());
        if (buffer.size() != null && told.isEmpty()) {
            return ReadLog.none("The size `%s` of the log buffer `%s` was not captured, or is no variable"
                    .formatted(buffer.size(), buffer.symbol()));
        }
        long size = told.orElse(array.size());
        int wordBytes = space.architecture().wordBytes();
        boolean pointer = told.isPresent() && array.size() == wordBytes && size > wordBytes;
        var start = pointer ? space.word(array.address()) : OptionalLong.of(array.address());
        if (size <= 0 || size > limits.logBytes() || (!pointer && size > array.size())) {
            return ReadLog.none("The log buffer `%s` has %s bytes; wanted 1 to %d"
                    .formatted(
                            buffer.symbol(),
                            Long.toUnsignedString(size),
                            pointer ? limits.logBytes() : Math.min(array.size(), limits.logBytes())));
        }
        var bytes = start.isEmpty() ? Optional.<byte[]>empty() : space.memory().bytes(start.getAsLong(), (int) size);
        if (bytes.isEmpty()) {
            return ReadLog.none(
                    "The %d bytes of the log buffer `%s` were not all captured".formatted(size, buffer.symbol()));
        }
        return unrolled(bytes.get(), start.getAsLong());
    }

    private ReadLog unrolled(byte[] ring, long start) {
        if (buffer.head() == null) {
            return ReadLog.of(LogText.lines(ring));
        }
        var head = value(buffer.head());
        if (head.isEmpty()) {
            return new ReadLog(
                    LogText.lines(ring),
                    List.of(
                            "The write index `%s` of the log buffer `%s` was not captured, or is no variable: its lines are as they lie in memory"
                                    .formatted(buffer.head(), buffer.symbol())));
        }
        return ReadLog.of(LogText.lines(unrolled(ring, start, head.getAsLong())));
    }

    /**
     * The bytes of a ring, oldest first.
     *
     * @param start where the ring lies
     * @param head an index, a count of all bytes ever written, or a pointer
     */
    static byte[] unrolled(byte[] ring, long start, long head) {
        boolean pointer = Long.compareUnsigned(head - start, ring.length) <= 0;
        long index = pointer ? head - start : head;
        boolean counted = Long.compareUnsigned(index, ring.length) > 0;
        long place = index == ring.length ? index : Long.remainderUnsigned(index, ring.length);
        return RingBytes.of(ring, counted || wrapped(ring, place) ? place + ring.length : place);
    }

    /** Whether anything was ever written behind the place where the next byte goes. */
    private static boolean wrapped(byte[] ring, long place) {
        for (int i = (int) place; i < ring.length; i++) {
            if (ring[i] != 0) {
                return true;
            }
        }
        return false;
    }

    private OptionalLong value(@Nullable String name) {
        var variable = name == null ? Optional.<DataSymbol>empty() : module.data(name);
        return variable.isPresent()
                ? space.unsigned(
                        variable.get().address(), Math.clamp(variable.get().size(), 1, Long.BYTES))
                : OptionalLong.empty();
    }
}
