package dev.faultline.symbols.dwarf;

import dev.faultline.symbols.bytes.ByteReader;
import java.util.Optional;

/** Looks a program counter up in a location list: {@code .debug_loc} before DWARF 5, {@code .debug_loclists} from it on. */
final class LocationLists {
    /** DW_LLE_GNU_offset_pair_entry, which has the number and, but for widths, the meaning of DW_LLE_offset_pair. */
    private static final int MOST_GNU_KIND = 0x04;

    private final EntryReader reader;
    private final Unit unit;
    private final long pc;

    private LocationLists(EntryReader reader, Unit unit, long pc) {
        this.reader = reader;
        this.unit = unit;
        this.pc = pc;
    }

    /** The expression that holds at {@code pc}; empty where none does. */
    static Optional<byte[]> find(EntryReader reader, Unit unit, int form, long number, long pc) {
        var lists = new LocationLists(reader, unit, pc);
        if (unit.version() >= 5) {
            return lists.list(lists.start(form, number), false);
        }
        return unit.isSplit() ? lists.gnuSplit(number) : lists.before5(number);
    }

    /** DWARF 4, 2.6.2: pairs of offsets from the unit's base, each with an expression. */
    private Optional<byte[]> before5(long offset) {
        var in = unit.file().locations().seek(offset);
        int size = unit.encoding().addressSize();
        long base = unit.root().lowPc();
        while (true) {
            long begin = in.unsigned(size);
            long end = in.unsigned(size);
            reader.spend(2L * size);
            if (begin == 0 && end == 0) {
                return Optional.empty();
            }
            if (begin == unit.encoding().highest()) {
                base = end;
                continue;
            }
            var expression = in.take("expression of a location list", in.u16());
            if (covers(base + begin, base + end)) {
                return taken(expression);
            }
        }
    }

    /** GNU's lists of split units before DWARF 5: the first kinds of DW_LLE, with sizes of fixed width. */
    private Optional<byte[]> gnuSplit(long offset) {
        return list(unit.file().locations().seek(unit.locationsAt() + offset), true);
    }

    /** DWARF 5, 2.6.2 and 7.7.3. */
    private Optional<byte[]> list(ByteReader in, boolean gnu) {
        int size = unit.encoding().addressSize();
        long base = unit.root().lowPc();
        Optional<byte[]> otherwise = Optional.empty();
        while (true) {
            int kind = in.u8();
            reader.spend(1);
            if (gnu && kind > MOST_GNU_KIND) {
                throw in.error("location list entry of kind 0x%x", kind);
            }
            long begin;
            long end;
            switch (kind) {
                case 0x00 -> { // DW_LLE_end_of_list
                    return otherwise;
                }
                case 0x01 -> { // DW_LLE_base_addressx
                    base = unit.indexedAddress(in.uleb());
                    continue;
                }
                case 0x02 -> { // DW_LLE_startx_endx
                    begin = unit.indexedAddress(in.uleb());
                    end = unit.indexedAddress(in.uleb());
                }
                case 0x03 -> { // DW_LLE_startx_length
                    begin = unit.indexedAddress(in.uleb());
                    end = begin + (gnu ? in.u32() : in.uleb());
                }
                case 0x04 -> { // DW_LLE_offset_pair
                    begin = base + (gnu ? in.u32() : in.uleb());
                    end = base + (gnu ? in.u32() : in.uleb());
                }
                case 0x05 -> { // DW_LLE_default_location: where no other holds
                    otherwise = taken(in.take("expression of a location list", in.uleb()));
                    continue;
                }
                case 0x06 -> { // DW_LLE_base_address
                    base = in.unsigned(size);
                    continue;
                }
                case 0x07 -> { // DW_LLE_start_end
                    begin = in.unsigned(size);
                    end = in.unsigned(size);
                }
                case 0x08 -> { // DW_LLE_start_length
                    begin = in.unsigned(size);
                    end = begin + in.uleb();
                }
                case 0x09 -> { // DW_LLE_GNU_view_pair: which of several lines at one address; says nothing about where
                    in.uleb();
                    in.uleb();
                    continue;
                }
                default -> throw in.error("location list entry of kind 0x%x", kind);
            }
            var expression = in.take("expression of a location list", gnu ? in.u16() : in.uleb());
            if (covers(begin, end)) {
                return taken(expression);
            }
        }
    }

    private ByteReader start(int form, long number) {
        var in = unit.file().locationLists();
        if (form != Form.LOCLISTX) {
            return in.seek(unit.locationsAt() + number);
        }
        int header = unit.encoding().offsetSize() == Long.BYTES ? 20 : 12; // where the first table of offsets begins
        long base = unit.locationsAt()
                + reader.root(unit).offsetOf(DwarfNames.DW_AT_LOCLISTS_BASE).orElse(header);
        return in.seek(base + DebugFile.entry(in, base, number, unit.encoding().offsetSize()));
    }

    private boolean covers(long begin, long end) {
        long mask = unit.encoding().highest();
        return Long.compareUnsigned(begin & mask, pc) <= 0 && Long.compareUnsigned(pc, end & mask) < 0;
    }

    private Optional<byte[]> taken(ByteReader expression) {
        reader.spend(expression.size());
        return Optional.of(expression.bytes((int) expression.size()));
    }
}
