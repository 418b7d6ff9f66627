package dev.faultline.symbols.index;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/** The texts of a mapped index, by rank; {@link TextBlocks} wrote them. */
final class Texts {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** No text that the builder took is longer. */
    private static final long MOST_BYTES = 1 << 24;

    private final MemorySegment places;
    private final MemorySegment bytes;

    Texts(MemorySegment places, MemorySegment bytes) {
        this.places = places;
        this.bytes = bytes;
    }

    /** At least as many as there are: every rank is below. */
    int most() {
        return Math.multiplyExact((int) (places.byteSize() / Integer.BYTES), TextBlocks.BLOCK);
    }

    /** Makes the text anew; who asks often keeps it. */
    String at(int rank) {
        var cursor = block(rank / TextBlocks.BLOCK);
        var text = new Assembly();
        text.take(cursor, 0);
        for (int i = rank % TextBlocks.BLOCK; i > 0; i--) {
            text.take(cursor, (int) cursor.uleb());
        }
        return text.toString();
    }

    /** The rank of a text; -1 where the index does not have it. */
    int find(String wanted) {
        byte[] utf8 = wanted.getBytes(StandardCharsets.UTF_8);
        int low = 0;
        int high = (int) (places.byteSize() / Integer.BYTES) - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (compareFirst(middle, utf8) <= 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high < 0 ? -1 : findIn(high, utf8);
    }

    private int findIn(int block, byte[] wanted) {
        var cursor = block(block);
        var text = new Assembly();
        text.take(cursor, 0);
        for (int i = 0; i < TextBlocks.BLOCK; i++) {
            if (text.is(wanted)) {
                return block * TextBlocks.BLOCK + i;
            }
            if (cursor.position() == bytes.byteSize()) {
                return -1;
            }
            if (i + 1 < TextBlocks.BLOCK) {
                text.take(cursor, (int) cursor.uleb());
            }
        }
        return -1;
    }

    private Cursor block(int block) {
        return new Cursor(bytes, places.get(INT, (long) block * Integer.BYTES) & 0xffff_ffffL);
    }

    /** Compares a block's first text as unsigned bytes, without making a string. */
    private int compareFirst(int block, byte[] wanted) {
        var cursor = block(block);
        long length = cursor.uleb();
        long from = cursor.position();
        long common = Math.min(length, wanted.length);
        for (int i = 0; i < common; i++) {
            int order = Integer.compare(bytes.get(ValueLayout.JAVA_BYTE, from + i) & 0xff, wanted[i] & 0xff);
            if (order != 0) {
                return order;
            }
        }
        return Long.compare(length, wanted.length);
    }

    /** A text that is put together from the ones before it in its block. */
    private final class Assembly {
        private byte[] utf8 = new byte[256];
        private int length;

        void take(Cursor cursor, int common) {
            Objects.checkFromToIndex(0, common, length);
            // the section's own size bounds what a damaged length can ask for
            long size = cursor.uleb();
            MemorySegment tail = bytes.asSlice(cursor.position(), size);
            int added = (int) Objects.checkIndex(tail.byteSize(), MOST_BYTES);
            int total = common + added;
            if (total > utf8.length) {
                utf8 = Arrays.copyOf(utf8, Math.max(total, utf8.length * 2));
            }
            MemorySegment.copy(tail, ValueLayout.JAVA_BYTE, 0, utf8, common, added);
            cursor.skip(added);
            length = total;
        }

        boolean is(byte[] wanted) {
            return Arrays.equals(utf8, 0, length, wanted, 0, wanted.length);
        }

        @Override
        public String toString() {
            return new String(utf8, 0, length, StandardCharsets.UTF_8);
        }
    }
}
