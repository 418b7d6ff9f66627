package dev.faultline.symbols.dwarf;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.Limits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * An index of a package of split units: {@code .debug_cu_index} or {@code .debug_tu_index}, of DWARF 5 (7.3.5) or of
 * GNU's version 2 before it. Says which parts of the sections are a unit's.
 */
final class PackageIndex {
    static final int INFO = 1;
    static final int TYPES = 2;
    static final int ABBREVIATIONS = 3;

    /** {@code .debug_loc} of GNU's version, {@code .debug_loclists} of DWARF 5. */
    static final int LOCATIONS = 5;

    static final int STRING_OFFSETS = 6;
    static final int RANGE_LISTS = 8;

    private static final int MOST_COLUMNS = 16;

    /** An index without a unit. */
    static final PackageIndex EMPTY = new PackageIndex(ByteReader.of("", new byte[0]), 5, new int[0], 0, 0, 0);

    private final ByteReader section;
    private final int version;
    private final int[] columns;
    private final long units;
    private final long slots;
    private final long slotsAt;

    private PackageIndex(ByteReader section, int version, int[] columns, long units, long slots, long slotsAt) {
        this.section = section;
        this.version = version;
        this.columns = columns;
        this.units = units;
        this.slots = slots;
        this.slotsAt = slotsAt;
    }

    static PackageIndex read(ByteReader in) {
        // GNU's version is a word, that of DWARF 5 half a word and padding
        int version = (int) in.u32();
        if (version != 2) {
            version = in.seek(0).u16();
            in.skip(2);
        }
        if (version != 2 && version != 5) {
            throw in.error("version %d", version);
        }
        int columnCount = Limits.checkCount(in, "number of columns", in.u32(), MOST_COLUMNS);
        long units = in.u32();
        long slots = in.u32();
        long slotsAt = in.position();
        if (Long.bitCount(slots) > 1 || slots * 12 + (2 * units + 1) * columnCount * 4 > in.remaining()) {
            throw in.error("%d units in %d slots", units, slots);
        }
        in.skip(slots * 12);
        int[] columns = new int[columnCount];
        for (int i = 0; i < columnCount; i++) {
            columns[i] = in.i32();
        }
        return new PackageIndex(in, version, columns, units, slots, slotsAt);
    }

    int version() {
        return version;
    }

    /** The row of a unit; 0 where the package does not have it. Rows count from 1. */
    long row(long identity) {
        var in = section.copy();
        long slot = identity & (slots - 1);
        long step = ((identity >>> 32) & (slots - 1)) | 1;
        for (long i = 0; i < slots; i++) {
            long row = in.seek(slotsAt + slots * 8 + slot * 4).u32();
            if (row == 0) {
                return 0;
            }
            if (in.seek(slotsAt + slot * 8).u64() == identity) {
                if (row > units) {
                    throw in.error("row %d of %d", row, units);
                }
                return row;
            }
            slot = (slot + step) & (slots - 1);
        }
        return 0;
    }

    /** The units that the package has, in the order of its hash table. */
    List<Long> identities() {
        var in = section.copy();
        var identities = new ArrayList<Long>();
        for (long slot = 0; slot < slots; slot++) {
            if (in.seek(slotsAt + slots * 8 + slot * 4).u32() != 0) {
                identities.add(in.seek(slotsAt + slot * 8).u64());
            }
        }
        return List.copyOf(identities);
    }

    boolean has(int column) {
        return Arrays.stream(columns).anyMatch(each -> each == column);
    }

    /** Where a unit's part of a section begins; 0 for a section that the index does not know. */
    long offset(long row, int column) {
        for (int i = 0; i < columns.length; i++) {
            if (columns[i] == column) {
                return section.copy()
                        .seek(slotsAt + slots * 12 + (row * columns.length + i) * 4)
                        .u32();
            }
        }
        return 0;
    }
}
