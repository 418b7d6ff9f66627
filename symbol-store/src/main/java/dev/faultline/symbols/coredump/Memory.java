package dev.faultline.symbols.coredump;

import dev.faultline.symbols.bytes.FormatException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The captured bytes by address. What was not captured is absent, never zero. Immutable. */
public final class Memory {
    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;

    /** Captured bytes from {@code address} on. */
    public record Region(long address, MemorySegment bytes) {

        /** Exclusive. */
        public long end() {
            return address + bytes.byteSize();
        }
    }

    /** Most steps over regions that others overlap: a core whose segments all lie over each other is no core. */
    private static final int MOST_OVERLAPS = 1 << 22;

    private final TreeMap<Long, Region> regions = new TreeMap<>();
    private final ByteOrder order;
    private int overlaps;

    private Memory(ByteOrder order) {
        this.order = order;
    }

    /**
     * Memory out of regions in the order of the file. Where two overlap the earlier one keeps its bytes and the later one
     * fills only what is left. No region goes over address 2^63 or the end of the address space.
     */
    public static Memory of(ByteOrder order, List<Region> inFileOrder) {
        var memory = new Memory(order);
        for (var region : inFileOrder) {
            memory.add(region);
        }
        return memory;
    }

    /** Disjoint, by address. */
    public List<Region> regions() {
        return List.copyOf(regions.values());
    }

    /** {@code length} bytes at {@code address}, if every one of them was captured. */
    public Optional<byte[]> bytes(long address, int length) {
        byte[] copy = new byte[length];
        int done = 0;
        while (done < length) {
            var region = regionAt(address + done);
            if (region == null) {
                return Optional.empty();
            }
            long from = address + done - region.address();
            int count = (int) Math.min(length - done, region.bytes().byteSize() - from);
            MemorySegment.copy(region.bytes(), BYTE, from, copy, done, count);
            done += count;
        }
        return Optional.of(copy);
    }

    /** An unsigned integer of 1 to 8 bytes, if all of it was captured. */
    public OptionalLong unsigned(long address, int size) {
        var bytes = bytes(address, size);
        return bytes.isPresent() ? OptionalLong.of(unsigned(bytes.get(), order)) : OptionalLong.empty();
    }

    /** All of {@code bytes}, at most 8, as one integer. */
    public static long unsigned(byte[] bytes, ByteOrder order) {
        long value = 0;
        for (int i = 0; i < bytes.length; i++) {
            int shift = order == ByteOrder.LITTLE_ENDIAN ? i : bytes.length - 1 - i;
            value |= (bytes[i] & 0xffL) << (8 * shift);
        }
        return value;
    }

    /** Whether the byte was captured. */
    public boolean has(long address) {
        return regionAt(address) != null;
    }

    /** The first address from {@code address} on that was not captured; {@code address} itself where it was not. */
    public long capturedUntil(long address) {
        long end = address;
        for (var region = regionAt(end); region != null; region = regionAt(end)) {
            end = region.end();
        }
        return end;
    }

    private @Nullable Region regionAt(long address) {
        Map.Entry<Long, Region> below = regions.floorEntry(address);
        return below != null && address < below.getValue().end() ? below.getValue() : null;
    }

    private void add(Region region) {
        var rest = new ArrayList<Region>();
        long from = region.address();
        while (from < region.end()) {
            var taken = regionAt(from);
            if (taken != null) {
                if (++overlaps > MOST_OVERLAPS) {
                    throw new FormatException("segments overlap more than %d times".formatted(MOST_OVERLAPS));
                }
                from = taken.end();
                continue;
            }
            Long next = regions.higherKey(from);
            long to = next == null ? region.end() : Math.min(next, region.end());
            rest.add(new Region(from, region.bytes().asSlice(from - region.address(), to - from)));
            from = to;
        }
        rest.forEach(piece -> regions.put(piece.address(), piece));
    }
}
