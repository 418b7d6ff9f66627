package dev.faultline.symbols.dwarf;

import dev.faultline.symbols.bytes.ByteReader;

/**
 * Reads which addresses an entry covers (DWARF 5, 2.17) into the last node of a {@link UnitCode}. Ranges of nothing, and
 * those at an address that says that the code was thrown away, are left out.
 */
final class RangeReader {
    private final Budget budget;

    RangeReader(Budget budget) {
        this.budget = budget;
    }

    void read(Unit unit, Attributes attributes, UnitCode code) {
        if (attributes.has(Attributes.RANGES)) {
            if (unit.version() < 5) {
                before5(unit, unit.rangesBase() + attributes.number(Attributes.RANGES), code);
            } else {
                list(unit, attributes, code);
            }
        } else if (attributes.has(Attributes.LOW_PC) && attributes.has(Attributes.HIGH_PC)) {
            long low = unit.address(attributes, Attributes.LOW_PC);
            add(unit, low, high(unit, attributes, low), code);
        }
    }

    private static long high(Unit unit, Attributes attributes, long low) {
        // class address is the end itself, class constant is the size (DWARF 4, 2.17.2)
        int form = attributes.form(Attributes.HIGH_PC);
        boolean isEnd = form == Form.ADDR || form == Form.LLVM_ADDRX_OFFSET || Form.isAddressIndex(form);
        return isEnd ? unit.address(attributes, Attributes.HIGH_PC) : low + attributes.number(Attributes.HIGH_PC);
    }

    /** {@code .debug_ranges} (DWARF 4, 2.17.3). */
    private void before5(Unit unit, long offset, UnitCode code) {
        var in = unit.rangesFile().ranges().seek(offset);
        int size = unit.encoding().addressSize();
        long highest = unit.encoding().highest();
        long base = unit.root().lowPc();
        while (true) {
            budget.spend(in, 1);
            long start = in.unsigned(size);
            long end = in.unsigned(size);
            if (start == 0 && end == 0) {
                return;
            }
            if (start == highest) {
                base = end;
            } else if (!unit.encoding().isTombstone(base)) {
                add(unit, base + start, base + end, code);
            }
        }
    }

    /** {@code .debug_rnglists} (DWARF 5, 2.17.3 and 7.25). */
    private void list(Unit unit, Attributes attributes, UnitCode code) {
        var in = listStart(unit, attributes);
        int size = unit.encoding().addressSize();
        long base = unit.root().lowPc();
        while (true) {
            budget.spend(in, 1);
            int kind = in.u8();
            switch (kind) {
                case 0x00 -> { // DW_RLE_end_of_list
                    return;
                }
                case 0x01 -> base = unit.indexedAddress(in.uleb()); // DW_RLE_base_addressx
                case 0x02 -> { // DW_RLE_startx_endx
                    long start = unit.indexedAddress(in.uleb());
                    add(unit, start, unit.indexedAddress(in.uleb()), code);
                }
                case 0x03 -> { // DW_RLE_startx_length
                    long start = unit.indexedAddress(in.uleb());
                    add(unit, start, start + in.uleb(), code);
                }
                case 0x04 -> { // DW_RLE_offset_pair
                    long start = in.uleb();
                    long end = in.uleb();
                    if (!unit.encoding().isTombstone(base)) {
                        add(unit, base + start, base + end, code);
                    }
                }
                case 0x05 -> base = in.unsigned(size); // DW_RLE_base_address
                case 0x06 -> { // DW_RLE_start_end
                    long start = in.unsigned(size);
                    add(unit, start, in.unsigned(size), code);
                }
                case 0x07 -> { // DW_RLE_start_length
                    long start = in.unsigned(size);
                    add(unit, start, start + in.uleb(), code);
                }
                default -> throw in.error("range list entry of kind 0x%x", kind);
            }
        }
    }

    private static ByteReader listStart(Unit unit, Attributes attributes) {
        var in = unit.file().rangeLists();
        long number = attributes.number(Attributes.RANGES);
        if (attributes.form(Attributes.RANGES) != Form.RNGLISTX) {
            return in.seek(unit.rangeListsAt() + number);
        }
        long base = unit.root().rangeListsBase();
        return in.seek(base + DebugFile.entry(in, base, number, unit.encoding().offsetSize()));
    }

    private static void add(Unit unit, long start, long end, UnitCode code) {
        long mask = unit.encoding().highest();
        long first = start & mask;
        long last = end & mask;
        if (Long.compareUnsigned(first, last) < 0 && !unit.encoding().isTombstone(first)) {
            code.addRange(first, last);
        }
    }
}
