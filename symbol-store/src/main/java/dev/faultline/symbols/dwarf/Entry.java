package dev.faultline.symbols.dwarf;

import dev.faultline.symbols.bytes.FormatException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** One entry of the debugging information with all its attributes (DWARF 5, 2.1 and 2.2), named by {@link DwarfNames}. */
public final class Entry {
    private final EntryReader reader;
    private final Unit unit;
    private final long offset;
    private final Abbreviation abbreviation;
    private final int[] forms;
    private final long[] numbers;
    private final long end;

    Entry(
            EntryReader reader,
            Unit unit,
            long offset,
            Abbreviation abbreviation,
            int[] forms,
            long[] numbers,
            long end) {
        this.reader = reader;
        this.unit = unit;
        this.offset = offset;
        this.abbreviation = abbreviation;
        this.forms = forms;
        this.numbers = numbers;
        this.end = end;
    }

    public Unit unit() {
        return unit;
    }

    /** Its offset in the section of its unit. */
    public long offset() {
        return offset;
    }

    /** A number for each entry of all files of one image. */
    public long key() {
        return unit.key(offset);
    }

    /** {@code DW_TAG_…}. */
    public int tag() {
        return abbreviation.tag;
    }

    public boolean hasChildren() {
        return abbreviation.children;
    }

    /** The entries right inside of it. */
    public List<Entry> children() {
        return reader.children(this);
    }

    public boolean has(int attribute) {
        return index(attribute) >= 0;
    }

    /** Whether a flag is set. */
    public boolean flag(int attribute) {
        int at = index(attribute);
        return at >= 0 && numbers[at] != 0;
    }

    /** A text; empty where the entry has none. */
    public String text(int attribute) {
        int at = index(attribute);
        return at < 0 ? "" : reader.text(unit.text(forms[at], numbers[at]));
    }

    /** An integer of the class constant: sign extended where the form says so, else zero extended. */
    public OptionalLong constant(int attribute) {
        int at = index(attribute);
        return at >= 0 && isConstant(forms[at]) ? OptionalLong.of(numbers[at]) : OptionalLong.empty();
    }

    private static boolean isConstant(int form) {
        return switch (form) {
            case Form.DATA1, Form.DATA2, Form.DATA4, Form.DATA8, Form.SDATA, Form.UDATA, Form.IMPLICIT_CONST -> true;
            default -> false;
        };
    }

    /** An address. */
    public OptionalLong address(int attribute) {
        int at = index(attribute);
        if (at < 0) {
            return OptionalLong.empty();
        }
        int form = forms[at];
        if (Form.isAddressIndex(form)) {
            return OptionalLong.of(unit.indexedAddress(numbers[at]));
        }
        return form == Form.ADDR ? OptionalLong.of(numbers[at]) : OptionalLong.empty();
    }

    /** An expression or another block of bytes; DW_FORM_data16 and a text are blocks as well. */
    public Optional<byte[]> block(int attribute) {
        int at = index(attribute);
        if (at < 0) {
            return Optional.empty();
        }
        int form = forms[at];
        if (form == Form.STRING || Form.isNumber(form) || form == Form.IMPLICIT_CONST) {
            return Optional.empty();
        }
        var in = reader.bytes(unit, numbers[at]);
        long size = switch (form) {
            case Form.BLOCK, Form.EXPRLOC -> in.uleb();
            case Form.BLOCK1 -> in.u8();
            case Form.BLOCK2 -> in.u16();
            case Form.BLOCK4 -> in.u32();
            case Form.DATA16 -> 16;
            default -> 0;
        };
        if (size < 0 || size > in.remaining()) {
            throw in.error("a block of 0x%x bytes", size);
        }
        reader.spend(size);
        return Optional.of(in.bytes((int) size));
    }

    /** The entry that an attribute refers to; empty where it does not, or the file that has it is not here. */
    public Optional<Entry> reference(int attribute) {
        int at = index(attribute);
        return at < 0 ? Optional.empty() : reader.follow(unit, forms[at], numbers[at]);
    }

    /** The entry that has an attribute: this one, or what it is an instance or the definition of (DWARF 5, 2.13 and 3.3.8). */
    public Optional<Entry> having(int attribute) {
        var at = this;
        for (int i = 0; i < reader.limits().referenceChain(); i++) {
            if (at.has(attribute)) {
                return Optional.of(at);
            }
            var origin = at.reference(DwarfNames.DW_AT_ABSTRACT_ORIGIN);
            var next = origin.isPresent() ? origin : at.reference(DwarfNames.DW_AT_SPECIFICATION);
            if (next.isEmpty()) {
                return Optional.empty();
            }
            at = next.get();
        }
        return Optional.empty();
    }

    /** Its name, or that of what it is an instance of; empty where nothing names it. */
    public String name() {
        return having(DwarfNames.DW_AT_NAME)
                .map(named -> named.text(DwarfNames.DW_AT_NAME))
                .orElse("");
    }

    /** The addresses that it covers, as pairs of start and end. */
    public long[] ranges() {
        return reader.ranges(this);
    }

    /** Whether its code holds an address, as linked. */
    public boolean covers(long address) {
        long[] pairs = ranges();
        for (int i = 0; i < pairs.length; i += 2) {
            if (Long.compareUnsigned(pairs[i], address) <= 0 && Long.compareUnsigned(address, pairs[i + 1]) < 0) {
                return true;
            }
        }
        return false;
    }

    /** Whether it has code at all. */
    public boolean hasCode() {
        return has(DwarfNames.DW_AT_LOW_PC) || has(DwarfNames.DW_AT_RANGES);
    }

    /** A root that does not say what it covers may cover it. */
    boolean mayCover(long address) {
        return !hasCode() || ranges().length == 0 || covers(address);
    }

    /**
     * The expression that an attribute has for a program counter, as linked (DWARF 5, 2.6). Empty where the attribute says
     * that there is none; whether there is such an attribute at all, {@link #has} tells.
     *
     * @throws FormatException when the attribute is no location, or its list is damaged
     */
    public Optional<byte[]> location(int attribute, long pc) {
        int at = index(attribute);
        if (at < 0) {
            return Optional.empty();
        }
        return switch (forms[at]) {
            case Form.EXPRLOC, Form.BLOCK, Form.BLOCK1, Form.BLOCK2, Form.BLOCK4 -> block(attribute);
            // before DWARF 4 an offset was a constant
            case Form.SEC_OFFSET, Form.LOCLISTX, Form.DATA4, Form.DATA8 ->
                LocationLists.find(reader, unit, forms[at], numbers[at], pc);
            default -> throw new FormatException("a location of DW_FORM 0x%x".formatted(forms[at]));
        };
    }

    /** An offset into another section. */
    OptionalLong offsetOf(int attribute) {
        int at = index(attribute);
        return at < 0 ? OptionalLong.empty() : OptionalLong.of(numbers[at]);
    }

    Abbreviation abbreviation() {
        return abbreviation;
    }

    /** Where its attributes end, in its section. */
    long end() {
        return end;
    }

    /** Where the next entry of the same parent stands; 0 where that is not said. */
    long sibling() {
        int at = index(DwarfNames.DW_AT_SIBLING);
        if (at < 0) {
            return 0;
        }
        return switch (forms[at]) {
            case Form.REF1, Form.REF2, Form.REF4, Form.REF8, Form.REF_UDATA -> unit.offset() + numbers[at];
            default -> 0;
        };
    }

    private int index(int attribute) {
        int[] names = abbreviation.names;
        for (int i = 0; i < names.length; i++) {
            if (names[i] == attribute) {
                return i;
            }
        }
        return -1;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Entry that && unit == that.unit && offset == that.offset;
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(new long[] {System.identityHashCode(unit), offset});
    }
}
