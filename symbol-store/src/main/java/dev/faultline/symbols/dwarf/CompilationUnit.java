package dev.faultline.symbols.dwarf;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.dwarf.Entry.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A unit together with the bases that its root entry gives: what strings, addresses and ranges are resolved by. */
final class CompilationUnit {
    private final DebugSections sections;
    private final UnitHeader unit;
    private final Abbreviations abbreviations;
    private long stringOffsetsBase;
    private long addressBase;
    private long rangeListsBase;
    private long lowPc;
    private String name = "";
    private String directory = "";
    private long statementList = Entry.NONE;

    private CompilationUnit(DebugSections sections, UnitHeader unit, Abbreviations abbreviations) {
        this.sections = sections;
        this.unit = unit;
        this.abbreviations = abbreviations;
        // DWARF 5, 7.26 to 7.29: behind the header of the first contribution, where no base is given
        int header = unit.offsetSize() == Long.BYTES ? 16 : 8;
        this.stringOffsetsBase = unit.version() == 5 ? header : 0;
        this.addressBase = unit.version() == 5 ? header : 0;
        this.rangeListsBase = (long) header + Integer.BYTES;
    }

    static CompilationUnit read(DebugSections sections, UnitHeader unit, Abbreviations abbreviations) {
        var read = new CompilationUnit(sections, unit, abbreviations);
        var root = read.entries();
        if (root.next() && !root.isEnd()) {
            read.readRoot(root);
        }
        return read;
    }

    private void readRoot(Entry root) {
        // bases first: the other attributes may need them, whatever their order
        stringOffsetsBase = root.stringOffsetsBase == Entry.NONE ? stringOffsetsBase : root.stringOffsetsBase;
        addressBase = root.addressBase == Entry.NONE ? addressBase : root.addressBase;
        rangeListsBase = root.rangeListsBase == Entry.NONE ? rangeListsBase : root.rangeListsBase;
        String rootName = string(root.name);
        name = rootName == null ? "" : rootName;
        String rootDirectory = string(root.compilationDirectory);
        directory = rootDirectory == null ? "" : rootDirectory;
        lowPc = root.lowPc.present() ? address(root.lowPc) : 0;
        statementList = root.statementList.present() ? root.statementList.number : Entry.NONE;
    }

    /** A walk over all entries, from the root. */
    Entry entries() {
        return new Entry(sections.info(), unit, abbreviations, sections.limits());
    }

    UnitHeader unit() {
        return unit;
    }

    String name() {
        return name;
    }

    String directory() {
        return directory;
    }

    /** The unit's line table; empty where it has none. */
    Optional<LineTable> lines() {
        if (statementList == Entry.NONE) {
            return Optional.empty();
        }
        return Optional.of(LineTable.read(sections, this, statementList));
    }

    /** The text of a string attribute; null where it lies in a file that is not here. */
    @Nullable
    String string(Value value) {
        if (!value.present()) {
            return null;
        }
        if (Form.isStringIndex(value.form)) {
            return sections.indexedString(stringOffsetsBase, value.number, unit.offsetSize());
        }
        return switch (value.form) {
            case Form.STRING -> value.text;
            case Form.STRP -> sections.string(value.number);
            case Form.LINE_STRP -> sections.lineString(value.number);
            default -> null;
        };
    }

    long address(Value value) {
        return Form.isAddressIndex(value.form)
                ? sections.indexedAddress(addressBase, value.number, unit.addressSize())
                : value.number;
    }

    /** The addresses that an entry covers (DWARF 5, 2.17); none for one without code. */
    List<AddressSpan> ranges(Entry entry) {
        if (entry.ranges.present()) {
            return unit.version() < 5 ? rangesBefore5(entry.ranges.number) : rangeList(entry.ranges);
        }
        if (!entry.lowPc.present() || !entry.highPc.present()) {
            return List.of();
        }
        long low = address(entry.lowPc);
        // class address is the end itself, class constant is the size (DWARF 4, 2.17.2)
        boolean isEnd = entry.highPc.form == Form.ADDR || Form.isAddressIndex(entry.highPc.form);
        long high = isEnd ? address(entry.highPc) : low + entry.highPc.number;
        return Long.compareUnsigned(low, high) < 0 ? List.of(new AddressSpan(low, high)) : List.of();
    }

    /** {@code .debug_ranges} (DWARF 4, 2.17.3). */
    private List<AddressSpan> rangesBefore5(long offset) {
        var in = sections.ranges().seek(offset);
        int size = unit.addressSize();
        long highest = size == Integer.BYTES ? 0xffff_ffffL : -1L;
        long base = lowPc;
        var ranges = new ArrayList<AddressSpan>();
        while (true) {
            long start = in.unsigned(size);
            long end = in.unsigned(size);
            if (start == 0 && end == 0) {
                return ranges;
            }
            if (start == highest) {
                base = end;
            } else {
                add(in, ranges, base + start, base + end);
            }
        }
    }

    /** {@code .debug_rnglists} (DWARF 5, 2.17.3 and 7.25). */
    private List<AddressSpan> rangeList(Value value) {
        long offset = value.number;
        if (value.form == Form.RNGLISTX) {
            var table = sections.rangeLists();
            long slot = rangeListsBase + value.number * unit.offsetSize();
            offset = rangeListsBase + table.seek(slot).unsigned(unit.offsetSize());
        }
        var in = sections.rangeLists().seek(offset);
        int size = unit.addressSize();
        long base = lowPc;
        var ranges = new ArrayList<AddressSpan>();
        while (true) {
            int kind = in.u8();
            switch (kind) {
                case 0x00 -> {
                    return ranges;
                }
                case 0x01 -> base = indexed(in.uleb());
                case 0x02 -> {
                    long start = indexed(in.uleb());
                    add(in, ranges, start, indexed(in.uleb()));
                }
                case 0x03 -> {
                    long start = indexed(in.uleb());
                    add(in, ranges, start, start + in.uleb());
                }
                case 0x04 -> {
                    long start = base + in.uleb();
                    add(in, ranges, start, base + in.uleb());
                }
                case 0x05 -> base = in.unsigned(size);
                case 0x06 -> {
                    long start = in.unsigned(size);
                    add(in, ranges, start, in.unsigned(size));
                }
                case 0x07 -> {
                    long start = in.unsigned(size);
                    add(in, ranges, start, start + in.uleb());
                }
                default -> throw in.error("range list entry of kind 0x%x", kind);
            }
        }
    }

    private long indexed(long index) {
        return sections.indexedAddress(addressBase, index, unit.addressSize());
    }

    private void add(ByteReader in, List<AddressSpan> ranges, long start, long end) {
        Limits.checkCount(
                in, "number of ranges", ranges.size() + 1L, sections.limits().sections());
        if (Long.compareUnsigned(start, end) < 0) {
            ranges.add(new AddressSpan(start, end));
        }
    }
}
