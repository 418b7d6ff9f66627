package dev.faultline.symbols.dwarf;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A unit whose entries are written one by one: each has an abbreviation of its own, so that any attribute may be of any
 * form.
 */
final class HandmadeUnit {
    static final int COMPILE_UNIT = 0x11;
    static final int PARTIAL_UNIT = 0x3c;
    static final int SKELETON_UNIT = 0x4a;
    static final int TYPE_UNIT = 0x41;
    static final int SUBPROGRAM = 0x2e;
    static final int INLINED = 0x1d;
    static final int LEXICAL_BLOCK = 0x0b;
    static final int NAMESPACE = 0x39;
    static final int CLASS = 0x02;
    static final int STRUCTURE = 0x13;
    static final int BASE_TYPE = 0x24;
    static final int CALL_SITE = 0x48;

    static final int SIBLING = 0x01;
    static final int NAME = 0x03;
    static final int STATEMENT_LIST = 0x10;
    static final int LOW_PC = 0x11;
    static final int HIGH_PC = 0x12;
    static final int LANGUAGE = 0x13;
    static final int DIRECTORY = 0x1b;
    static final int ABSTRACT_ORIGIN = 0x31;
    static final int DECLARATION = 0x3c;
    static final int SPECIFICATION = 0x47;
    static final int RANGES = 0x55;
    static final int CALL_COLUMN = 0x57;
    static final int CALL_FILE = 0x58;
    static final int CALL_LINE = 0x59;
    static final int SIGNATURE = 0x69;
    static final int LINKAGE_NAME = 0x6e;
    static final int STRING_OFFSETS_BASE = 0x72;
    static final int ADDRESS_BASE = 0x73;
    static final int RANGE_LISTS_BASE = 0x74;
    static final int DWO_NAME = 0x76;
    static final int GNU_DWO_NAME = 0x2130;
    static final int GNU_DWO_ID = 0x2131;
    static final int GNU_RANGES_BASE = 0x2132;
    static final int GNU_ADDRESS_BASE = 0x2133;

    /** What nobody knows: its value is only to be read past. */
    static final int UNKNOWN_ATTRIBUTE = 0x3eee;

    private final int version;
    private final int addressSize;
    private final boolean is64Bit;
    private final int type;
    private final long identity;
    private final long offset;
    private final DwarfBytes info;
    private final DwarfBytes abbreviations;
    private final DwarfBytes entries;
    private final long abbreviationsAt;
    private final long header;
    private int code;

    /** Adds a unit to the end of {@code .debug_info} and a table to the end of {@code .debug_abbrev}. */
    HandmadeUnit(DwarfBytes info, DwarfBytes abbreviations, int version, int addressSize) {
        this(info, abbreviations, version, addressSize, false, UnitHeader.DW_UT_COMPILE, 0);
    }

    HandmadeUnit(
            DwarfBytes info,
            DwarfBytes abbreviations,
            int version,
            int addressSize,
            boolean is64Bit,
            int type,
            long identity) {
        this.version = version;
        this.addressSize = addressSize;
        this.is64Bit = is64Bit;
        this.type = type;
        this.identity = identity;
        this.offset = info.position();
        this.info = info;
        this.abbreviations = abbreviations;
        this.entries = new DwarfBytes(info.order());
        this.abbreviationsAt = abbreviations.position();
        boolean hasIdentity = type == UnitHeader.DW_UT_SKELETON || type == UnitHeader.DW_UT_SPLIT_COMPILE;
        int offsetSize = is64Bit ? 8 : 4;
        this.header = (is64Bit ? 12L : 4L)
                + 2
                + offsetSize
                + 1
                + (version == 5 ? 1 : 0)
                + (hasIdentity ? 8 : 0)
                + (isTypeUnit() ? 8L + offsetSize : 0);
    }

    private boolean isTypeUnit() {
        return type == UnitHeader.DW_UT_TYPE || type == UnitHeader.DW_UT_SPLIT_TYPE;
    }

    /** An attribute: its name, its form, and how its value is written. */
    record Attribute(int name, int form, long implicit, Consumer<DwarfBytes> value) {}

    Attribute attribute(int name, int form, long value) {
        return new Attribute(name, form, value, out -> write(out, form, value));
    }

    static Attribute text(int name, String text) {
        return new Attribute(name, Form.STRING, 0, out -> out.text(text));
    }

    static Attribute raw(int name, int form, DwarfBytes value) {
        return new Attribute(name, form, 0, out -> out.raw(value.bytes()));
    }

    private void write(DwarfBytes out, int form, long value) {
        int size = Form.size(form, new Encoding(version, is64Bit ? 8 : 4, addressSize));
        if (size >= 0) {
            out.number(value, size);
        } else if (form == Form.SDATA) {
            out.sleb(value);
        } else {
            out.uleb(value);
        }
    }

    /** Low and high as DWARF 4 and 5 mostly have them: an address and a size. */
    Attribute[] code(long low, long size, Attribute... others) {
        var all = new ArrayList<>(List.of(others));
        all.add(attribute(LOW_PC, Form.ADDR, low));
        all.add(attribute(HIGH_PC, version < 4 ? Form.ADDR : Form.DATA4, version < 4 ? low + size : size));
        return all.toArray(Attribute[]::new);
    }

    /** Begins an entry with children; gives its offset in the unit. */
    long begin(int tag, Attribute... attributes) {
        return entry(tag, true, attributes);
    }

    /** An entry without children; gives its offset in the unit. */
    long leaf(int tag, Attribute... attributes) {
        return entry(tag, false, attributes);
    }

    HandmadeUnit end() {
        entries.u8(0);
        return this;
    }

    private long entry(int tag, boolean children, Attribute... attributes) {
        long at = next();
        code++;
        abbreviations.uleb(code).uleb(tag).u8(children ? 1 : 0);
        entries.uleb(code);
        for (var attribute : attributes) {
            abbreviations.uleb(attribute.name()).uleb(attribute.form());
            if (attribute.form() == Form.IMPLICIT_CONST) {
                abbreviations.sleb(attribute.implicit());
            } else {
                attribute.value().accept(entries);
            }
        }
        abbreviations.u8(0, 0);
        return at;
    }

    /** Where the next entry will be, from the unit's start. */
    long next() {
        return header + entries.position();
    }

    /** Where the unit is in its section. */
    long offset() {
        return offset;
    }

    /** Bytes that are no entry. */
    HandmadeUnit garbage(String hex) {
        entries.hex(hex);
        return this;
    }

    /** Writes the unit. */
    void write() {
        abbreviations.u8(0);
        var body = new DwarfBytes(info.order()).u16(version);
        int offsetSize = is64Bit ? 8 : 4;
        if (version == 5) {
            body.u8(type, addressSize).number(abbreviationsAt, offsetSize);
        } else {
            body.number(abbreviationsAt, offsetSize).u8(addressSize);
        }
        if (type == UnitHeader.DW_UT_SKELETON || type == UnitHeader.DW_UT_SPLIT_COMPILE) {
            body.u64(identity);
        }
        if (isTypeUnit()) {
            body.u64(identity).number(typeAt, offsetSize);
        }
        info.unit(is64Bit, body.raw(entries.bytes()));
    }

    private long typeAt;

    /** For a type unit: which entry is the type. */
    HandmadeUnit type(long at) {
        typeAt = at;
        return this;
    }
}
