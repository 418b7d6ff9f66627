package dev.faultline.symbols.index;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.dwarf.UnwindRow;
import dev.faultline.symbols.dwarf.UnwindRules;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Unwind rows of an index file, read in place. A row holds up to the next one; rule 0 marks where rows end.
 *
 * <pre>
 * anchors  for each block of 32 rows: address of the first (a word), its place in rows (u32)
 * rows     u8 shift; then for each row: uleb distance from the row before, shifted right (not the first of a block),
 *          uleb rule
 * rules    u32 count, the place of each behind the last of these (u32), the rules themselves
 * </pre>
 *
 * Rules are numbered from 1 by how often they occur; {@link UnwindRules} says what is in one. Safe for use by many
 * threads.
 */
final class UnwindRows {
    /** Rows of one block. */
    static final int BLOCK = 32;

    /** No processor aligns its instructions to more than eight bytes. */
    static final int MOST_SHIFT = 3;

    /** Programs have some hundreds of different unwind rows; a hostile one gets no more memory than this. */
    private static final int MOST_RULES_KEPT = 8_192;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final WordArray anchors;
    private final MemorySegment rows;
    private final MemorySegment rules;
    private final int count;
    private final int shift;
    private final int ruleCount;

    /** Rules that were asked for: a row that two threads read at once is the same twice. */
    private final @Nullable UnwindRow[] kept;

    /** Known when it was first asked for: opening an index reads no rules. */
    private @Nullable Boolean hasSignalFrames;

    UnwindRows(MemorySegment anchors, MemorySegment rows, MemorySegment rules, int width, long base) {
        this.anchors = new WordArray(anchors, width, base, width + Integer.BYTES);
        this.count = this.anchors.count();
        this.rows = rows;
        this.rules = rules;
        this.shift = rows.byteSize() == 0 ? 0 : rows.get(ValueLayout.JAVA_BYTE, 0) & MOST_SHIFT;
        this.ruleCount = rules.byteSize() == 0
                ? 0
                : (int) Objects.checkIndex(rules.get(INT, 0), rules.byteSize() / Integer.BYTES);
        this.kept = new UnwindRow[Math.min(ruleCount, MOST_RULES_KEPT)];
    }

    /** Few images have a signal frame: an unwinder that knows so need not look for one at every return address. */
    boolean hasSignalFrames() {
        Boolean known = hasSignalFrames;
        if (known == null) {
            known = anySignalFrame();
            hasSignalFrames = known;
        }
        return known;
    }

    private boolean anySignalFrame() {
        for (int rule = 1; rule <= ruleCount; rule++) {
            if (UnwindRules.isSignalFrame(rules.get(ValueLayout.JAVA_BYTE, placeOfRule(rule)))) {
                return true;
            }
        }
        return false;
    }

    /** The rule for an address; {@link UnwindRules#NONE} where there is none. */
    int find(long address) {
        int block = anchors.lastAtOrBelow(address, 0);
        if (block < 0) {
            return UnwindRules.NONE;
        }
        long end = block + 1 == count ? rows.byteSize() : placeOf(block + 1);
        long left = (address - anchors.address(block, 0)) >>> shift;
        var cursor = new Cursor(rows, placeOf(block));
        int rule = (int) cursor.uleb();
        while (cursor.position() < end) {
            left -= cursor.uleb();
            if (left < 0) {
                return rule;
            }
            rule = (int) cursor.uleb();
        }
        return rule;
    }

    /** What a rule says. */
    UnwindRow row(int rule) {
        if (rule > kept.length) {
            return read(rule);
        }
        UnwindRow row = kept[rule - 1];
        if (row == null) {
            row = read(rule);
            kept[rule - 1] = row;
        }
        return row;
    }

    private long placeOf(int block) {
        return anchors.u32(block, anchors.width()) & 0xffff_ffffL;
    }

    private UnwindRow read(int rule) {
        return UnwindRules.read(ByteReader.of("unwind rules", rules).seek(placeOfRule(rule)));
    }

    private long placeOfRule(int rule) {
        return Integer.BYTES * (1L + ruleCount) + (rules.get(INT, (long) Integer.BYTES * rule) & 0xffff_ffffL);
    }
}
