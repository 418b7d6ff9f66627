package dev.faultline.symbols.variables;

import dev.faultline.symbols.unwind.AddressSpace;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The bytes of a value and, of each, whether it is there: what is not there is never zero. */
final class Contents {
    static final byte PRESENT = 0;
    static final byte OPTIMISED_OUT = 1;
    static final byte NOT_IN_DUMP = 2;
    static final byte UNREADABLE = 3;

    /** Bytes of an image are asked for in steps of this size where not all of a range is in it. */
    private static final int STEP = 16;

    private final byte[] bytes;
    private final byte[] states;
    private final OptionalLong address;
    private final String reason;
    private final ByteOrder order;

    private Contents(byte[] bytes, byte[] states, OptionalLong address, String reason, ByteOrder order) {
        this.bytes = bytes;
        this.states = states;
        this.address = address;
        this.reason = reason;
        this.order = order;
    }

    static Contents of(byte[] bytes, ByteOrder order) {
        return new Contents(bytes, new byte[bytes.length], OptionalLong.empty(), "", order);
    }

    /** Bytes of which each is as {@code states} says; {@code reason} of those that are unreadable. */
    static Contents of(byte[] bytes, byte[] states, String reason, ByteOrder order) {
        return new Contents(bytes, states, OptionalLong.empty(), reason, order);
    }

    /** What the dump, or behind it an image, has of a range. */
    static Contents inMemory(AddressSpace space, long address, int size) {
        byte[] bytes = new byte[size];
        byte[] states = new byte[size];
        Arrays.fill(states, NOT_IN_DUMP);
        int done = 0;
        while (done < size) {
            long at = address + done;
            if (space.memory().has(at)) {
                int count = (int) Math.min(size - done, space.memory().capturedUntil(at) - at);
                done += copy(space.memory().bytes(at, count).orElseThrow(), bytes, states, done);
                continue;
            }
            // mostly all of it is in an image, or nothing
            var rest = done == 0 ? space.readOnly(at, size) : Optional.<byte[]>empty();
            if (rest.isPresent() && !anyCaptured(space, at, size)) {
                done += copy(rest.get(), bytes, states, done);
                continue;
            }
            int count = Math.min(size - done, STEP);
            while (count > 1 && anyCaptured(space, at, count)) {
                count /= 2;
            }
            var step = space.readOnly(at, count);
            if (step.isEmpty() && count > 1) {
                for (int i = 0; i < count; i++) {
                    var one = space.readOnly(at + i, 1);
                    if (one.isPresent()) {
                        copy(one.get(), bytes, states, done + i);
                    }
                }
            } else if (step.isPresent()) {
                copy(step.get(), bytes, states, done);
            }
            done += count;
        }
        return new Contents(
                bytes,
                states,
                OptionalLong.of(address),
                "",
                space.architecture().byteOrder());
    }

    private static boolean anyCaptured(AddressSpace space, long address, int size) {
        for (int i = 0; i < size; i++) {
            if (space.memory().has(address + i)) {
                return true;
            }
        }
        return false;
    }

    private static int copy(byte[] from, byte[] to, byte[] states, int at) {
        System.arraycopy(from, 0, to, at, from.length);
        Arrays.fill(states, at, at + from.length, PRESENT);
        return from.length;
    }

    int size() {
        return bytes.length;
    }

    /** Where the first byte is in memory; empty for what is not in memory. */
    OptionalLong address() {
        return address;
    }

    ByteOrder order() {
        return order;
    }

    byte[] states() {
        return states;
    }

    byte[] bytes() {
        return bytes;
    }

    /** Whether two parts of the same size are the same, in what is missing as well. */
    boolean same(int one, int other, int size) {
        return one + size <= bytes.length
                && other + size <= bytes.length
                && Arrays.equals(bytes, one, one + size, bytes, other, other + size)
                && Arrays.equals(states, one, one + size, states, other, other + size)
                && states[one] == PRESENT;
    }

    /** Why a part is not there; null where all of it is. */
    @Nullable
    Value absence(long from, long size) {
        if (from < 0 || size < 0 || from + size > bytes.length) {
            return new Value.Unreadable("it is beyond the %d bytes that were read".formatted(bytes.length));
        }
        int first = (int) from;
        int end = (int) (from + size);
        boolean optimisedOut = false;
        boolean missing = false;
        for (int i = first; i < end; i++) {
            if (states[i] == UNREADABLE) {
                return new Value.Unreadable(reason);
            }
            optimisedOut |= states[i] == OPTIMISED_OUT;
            missing |= states[i] == NOT_IN_DUMP;
        }
        if (optimisedOut) {
            return new Value.OptimisedOut();
        }
        return missing ? new Value.NotInDump(missing(first, end)) : null;
    }

    /** Whether no byte of a part is there, each for the same reason. */
    boolean isAllAbsent(long from, long size) {
        return size > 0 && absentFrom(from) >= size;
    }

    /** How many bytes from one on are not there, each for the same reason; 0 where it is there. */
    long absentFrom(long from) {
        if (from < 0 || from >= bytes.length || states[(int) from] == PRESENT) {
            return 0;
        }
        int end = (int) from;
        while (end < bytes.length && states[end] == states[(int) from]) {
            end++;
        }
        return end - from;
    }

    /** The ranges of a part that nobody captured; those of registers have no address. */
    List<Value.MissingRange> missing(int first, int end) {
        var ranges = new ArrayList<Value.MissingRange>();
        if (address.isEmpty()) {
            return ranges;
        }
        for (int i = first; i < end; i++) {
            int from = i;
            while (i < end && states[i] == NOT_IN_DUMP) {
                i++;
            }
            if (i > from) {
                ranges.add(new Value.MissingRange(address.getAsLong() + from, (long) i - from));
            }
        }
        return ranges;
    }

    /** Up to 64 bits, the first of them at {@code bit} of the byte at {@code from}; all are there. */
    long bits(long from, long bit, int count) {
        long value = 0;
        boolean little = order == ByteOrder.LITTLE_ENDIAN;
        for (int i = 0; i < count; i++) {
            long at = 8 * from + bit + i;
            int inByte = (int) (at & 7);
            long one = bytes[(int) (at >> 3)] >> (little ? inByte : 7 - inByte) & 1;
            value = little ? value | one << i : value << 1 | one;
        }
        return value;
    }
}
