package dev.faultline.symbols.dwarf;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;

/**
 * Reads single entries where they stand, with all that they say, and goes where they refer to; for one thread. All that it
 * reads counts against one budget, so that no entry, however it refers to others, is endless work.
 */
public final class EntryReader {
    /** Most entries right inside of one. */
    static final int MOST_CHILDREN = 1 << 16;

    private final DebugInfo debugInfo;
    private final Limits limits;
    private final Budget work;
    private final RangeReader ranges;
    private final UnitCode scratch = new UnitCode();
    private final Attributes rangeAttributes = new Attributes();
    private final IdentityHashMap<Unit, OpenUnit> open = new IdentityHashMap<>();

    /** A unit that was read from, with a reader of this thread. */
    private record OpenUnit(ByteReader bytes, AbbreviationTable table) {}

    EntryReader(DebugInfo debugInfo, Limits limits, long work) {
        this.debugInfo = debugInfo;
        this.limits = limits;
        this.work = new Budget("reading of entries", work);
        this.ranges = new RangeReader(new Budget("number of address ranges", Math.min(work, limits.ranges())));
    }

    Limits limits() {
        return limits;
    }

    DebugInfo debugInfo() {
        return debugInfo;
    }

    /** What is left of the work that it may do. */
    public long workLeft() {
        return work.left();
    }

    /** Counts work that is done with what it read. */
    public void spend(long count) {
        if (work.left() < count) {
            throw new FormatException("reading of entries exceeds the limit");
        }
        work.spend(count);
    }

    /** All units of the image that are not type units; those that are split with their rest, where it is here. */
    public List<Unit> units() {
        var units = new ArrayList<Unit>();
        for (Unit unit : debugInfo.ofImage().units()) {
            if (!unit.header().isTypeUnit()) {
                var split = debugInfo.split(unit);
                units.add(split == null ? unit : split);
            }
        }
        return units;
    }

    /** The root of a unit. */
    public Entry root(Unit unit) {
        return read(unit, unit.header().firstEntry());
    }

    /** An entry by its offset in the section of its unit. */
    public Entry at(Unit unit, long offset) {
        if (!unit.header().contains(offset)) {
            throw unit.bytes().error("entry at 0x%x is outside of the unit", offset);
        }
        return read(unit, offset);
    }

    /**
     * The entry of the function at an address, both as the index has them: the offset is one of the image's
     * {@code .debug_info}, or of that of the split unit whose code is there.
     */
    public Optional<Entry> function(long offset, long address) {
        var directory = debugInfo.ofImage();
        var direct = directory.at(offset);
        if (direct != null) {
            var split = debugInfo.split(direct);
            if (split == null) {
                var entry = function(direct, offset, address);
                if (entry.isPresent()) {
                    return entry;
                }
            }
        }
        for (Unit unit : debugInfo.units()) {
            var split = debugInfo.split(unit);
            if (split != null && split.header().contains(offset) && root(unit).mayCover(address)) {
                var entry = function(split, offset, address);
                if (entry.isPresent()) {
                    return entry;
                }
            }
        }
        return Optional.empty();
    }

    /** An offset that is of another file may point anywhere in this one. */
    private Optional<Entry> function(Unit unit, long offset, long address) {
        try {
            var entry = read(unit, offset);
            return entry.tag() == DwarfNames.DW_TAG_SUBPROGRAM && entry.covers(address)
                    ? Optional.of(entry)
                    : Optional.empty();
        } catch (FormatException e) {
            return Optional.empty();
        }
    }

    /** The text of a handle. */
    String text(long handle) {
        return handle == DebugTexts.NONE ? "" : debugInfo.texts().text(handle);
    }

    Entry read(Unit unit, long offset) {
        var opened = open(unit);
        var in = opened.bytes().seek(offset - unit.offset());
        long code = in.uleb();
        var abbreviation = opened.table().get(code);
        if (abbreviation == null || abbreviation.kind == Abbreviation.UNKNOWN) {
            throw in.error("no known abbreviation %d for the entry at 0x%x", code, offset);
        }
        return decode(unit, offset, abbreviation, in);
    }

    private Entry decode(Unit unit, long offset, Abbreviation abbreviation, ByteReader in) {
        long start = in.position();
        int count = abbreviation.forms.length;
        int[] forms = new int[count];
        long[] numbers = new long[count];
        for (int i = 0; i < count; i++) {
            int form = abbreviation.forms[i];
            for (int depth = 0; form == Form.INDIRECT; depth++) {
                if (depth == Attributes.MOST_INDIRECTIONS) {
                    throw in.error("DW_FORM_indirect more than %d deep", depth);
                }
                form = Attributes.indirect(in);
            }
            forms[i] = form;
            if (form == Form.IMPLICIT_CONST) {
                numbers[i] = abbreviation.constants[i];
            } else if (Form.isNumber(form)) {
                numbers[i] = Form.number(in, form, unit.encoding());
            } else {
                numbers[i] = in.position(); // of a block, text or pair: where it stands
                Form.skip(in, form, unit.encoding());
            }
        }
        work.spend(in, in.position() - start + 1);
        return new Entry(this, unit, offset, abbreviation, forms, numbers, unit.sectionOffset(in.position()));
    }

    private OpenUnit open(Unit unit) {
        var known = open.get(unit);
        if (known == null) {
            String failure = unit.root().failure();
            if (failure != null) {
                throw new FormatException(failure);
            }
            known = new OpenUnit(unit.bytes(), unit.abbreviations());
            work.spend(known.bytes(), known.table().weight());
            open.put(unit, known);
        }
        return known;
    }

    /** A reader of the unit at a place of its section; valid until the next use. */
    ByteReader bytes(Unit unit, long position) {
        return open(unit).bytes().seek(position);
    }

    /** The entries right inside of one. */
    List<Entry> children(Entry parent) {
        var children = new ArrayList<Entry>();
        if (!parent.hasChildren()) {
            return children;
        }
        var unit = parent.unit();
        long at = parent.end();
        while (true) {
            var in = bytes(unit, at - unit.offset());
            if (!in.hasRemaining()) {
                throw in.error("the entries inside of that at 0x%x have no end", parent.offset());
            }
            if (in.u8() == 0) {
                return children;
            }
            if (children.size() == MOST_CHILDREN) {
                throw in.error("more than %d entries right inside of one", MOST_CHILDREN);
            }
            var child = read(unit, at);
            children.add(child);
            at = behind(child);
        }
    }

    /** Where the next entry stands that is not inside of this one. */
    private long behind(Entry entry) {
        if (!entry.hasChildren()) {
            return entry.end();
        }
        var unit = entry.unit();
        long sibling = entry.sibling();
        if (sibling > entry.end() && sibling < unit.end()) {
            return sibling;
        }
        long at = entry.end();
        int depth = 1;
        while (depth > 0) {
            var in = bytes(unit, at - unit.offset());
            if (in.u8() == 0) {
                depth--;
                at++;
                work.spend(in, 1);
                continue;
            }
            var inner = read(unit, at);
            at = inner.end();
            if (inner.hasChildren()) {
                long next = inner.sibling();
                if (next > at && next < unit.end()) {
                    at = next;
                } else {
                    Limits.checkCount(in, "depth of entries", ++depth, limits.dieDepth());
                }
            }
        }
        return at;
    }

    /** What a reference means; empty where that is in a file that is not here. */
    Optional<Entry> follow(Unit from, int form, long number) {
        Unit unit;
        long entry = number;
        switch (form) {
            case Form.REF1, Form.REF2, Form.REF4, Form.REF8, Form.REF_UDATA -> {
                unit = from;
                entry = from.offset() + number;
            }
            case Form.REF_ADDR ->
                unit = from.header().contains(number)
                        ? from
                        : debugInfo.directory(from.file()).at(number);
            case Form.REF_SIG8 -> {
                unit = debugInfo.typeUnit(from.file(), number);
                if (unit == null) {
                    return Optional.empty();
                }
                entry = unit.offset() + unit.header().typeAt();
            }
            case Form.GNU_REF_ALT, Form.REF_SUP4, Form.REF_SUP8 -> {
                var alternate = debugInfo.alternate();
                if (alternate == null) {
                    return Optional.empty();
                }
                unit = alternate.at(number);
            }
            default -> throw from.bytes().error("a reference of DW_FORM 0x%x", form);
        }
        if (unit == null) {
            throw from.bytes().error("reference to 0x%x, where no unit is", number);
        }
        return Optional.of(at(unit, entry));
    }

    /** The addresses that an entry covers, as pairs of start and end; empty where it has none. */
    long[] ranges(Entry entry) {
        var unit = entry.unit();
        var in = bytes(unit, entry.offset() - unit.offset());
        in.uleb();
        scratch.clear();
        int node = scratch.addNode(UnitCode.NONE, entry.offset());
        rangeAttributes.read(entry.abbreviation(), in, unit.encoding());
        ranges.read(unit, rangeAttributes, scratch);
        int first = scratch.firstRange(node);
        long[] pairs = new long[2 * (scratch.endRange(node) - first)];
        for (int i = 0; i < pairs.length; i += 2) {
            pairs[i] = scratch.rangeStart(first + i / 2);
            pairs[i + 1] = scratch.rangeEnd(first + i / 2);
        }
        return pairs;
    }
}
