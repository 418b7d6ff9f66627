package dev.faultline.symbols.dwarf;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.dwarf.Abbreviations.Abbreviation;
import dev.faultline.symbols.dwarf.Abbreviations.Attribute;

/**
 * A debugging information entry (DWARF 5, 2.1), decoded in place: one object walks a whole unit, and {@link #next} fills
 * it anew. Only the attributes that symbolication needs are kept; of the others the size is all that matters.
 */
final class Entry {
    static final int DW_TAG_CLASS_TYPE = 0x02;
    static final int DW_TAG_STRUCTURE_TYPE = 0x13;
    static final int DW_TAG_UNION_TYPE = 0x17;
    static final int DW_TAG_INLINED_SUBROUTINE = 0x1d;
    static final int DW_TAG_SUBPROGRAM = 0x2e;
    static final int DW_TAG_VARIABLE = 0x34;
    static final int DW_TAG_NAMESPACE = 0x39;

    private static final int MOST_INDIRECTIONS = 4;

    /** No value: no attribute, or one of a form that can not say it. */
    static final long NONE = Long.MIN_VALUE;

    private final ByteReader in;
    private final UnitHeader unit;
    private final Abbreviations abbreviations;
    private final Limits limits;

    private long offset;
    private int tag;
    private boolean children;
    private boolean end;

    // values as they stand in the file; those that need a base of the unit are resolved by UnitContext
    final Value name = new Value();
    final Value linkageName = new Value();
    final Value compilationDirectory = new Value();
    final Value lowPc = new Value();
    final Value highPc = new Value();
    final Value ranges = new Value();
    final Value statementList = new Value();
    long abstractOrigin;
    long specification;
    long callFile;
    long callLine;
    long callColumn;
    long stringOffsetsBase;
    long addressBase;
    long rangeListsBase;
    boolean declaration;

    /** An attribute's value: its form and its number; {@code text} where the form holds the string itself. */
    static final class Value {
        int form;
        long number;
        String text = "";

        boolean present() {
            return form != 0;
        }
    }

    Entry(ByteReader info, UnitHeader unit, Abbreviations abbreviations, Limits limits) {
        this.in = info.seek(unit.firstEntry());
        this.unit = unit;
        this.abbreviations = abbreviations;
        this.limits = limits;
    }

    /** Goes to an entry of the same unit. */
    void seek(long offset) {
        if (!unit.contains(offset)) {
            throw in.error("entry at +0x%x outside of its unit", offset);
        }
        in.seek(offset);
    }

    /** Reads the next entry; false at the end of the unit. */
    boolean next() {
        if (in.position() >= unit.end()) {
            return false;
        }
        clear();
        offset = in.position();
        long code = in.uleb();
        end = code == 0;
        if (end) {
            return true;
        }
        Abbreviation abbreviation = abbreviations.get(code);
        if (abbreviation == null) {
            throw in.error("no abbreviation %d", code);
        }
        tag = abbreviation.tag();
        children = abbreviation.children();
        for (Attribute attribute : abbreviation.attributes()) {
            read(attribute, attribute.form(), 0);
        }
        return true;
    }

    long offset() {
        return offset;
    }

    /** {@code DW_TAG_…}; 0 for a null entry. */
    int tag() {
        return tag;
    }

    boolean hasChildren() {
        return children;
    }

    /** Whether this is the null entry that ends a list of siblings. */
    boolean isEnd() {
        return end;
    }

    private void clear() {
        tag = 0;
        children = false;
        for (Value value :
                new Value[] {name, linkageName, compilationDirectory, lowPc, highPc, ranges, statementList}) {
            value.form = 0;
        }
        abstractOrigin = NONE;
        specification = NONE;
        callFile = NONE;
        callLine = NONE;
        callColumn = NONE;
        stringOffsetsBase = NONE;
        addressBase = NONE;
        rangeListsBase = NONE;
        declaration = false;
    }

    private void read(Attribute attribute, int form, int indirections) {
        if (form == Form.INDIRECT) {
            if (indirections == MOST_INDIRECTIONS) {
                throw in.error("DW_FORM_indirect more than %d deep", MOST_INDIRECTIONS);
            }
            read(attribute, (int) Math.min(in.uleb(), 0xffff), indirections + 1);
            return;
        }
        switch (attribute.name()) {
            case 0x03 -> value(name, form);
            case 0x6e, 0x2007 -> value(linkageName, form); // DW_AT_linkage_name, DW_AT_MIPS_linkage_name
            case 0x1b -> value(compilationDirectory, form);
            case 0x11 -> value(lowPc, form);
            case 0x12 -> value(highPc, form);
            case 0x55 -> value(ranges, form);
            case 0x10 -> value(statementList, form);
            case 0x31 -> abstractOrigin = reference(form);
            case 0x47 -> specification = reference(form);
            case 0x58 -> callFile = number(attribute, form);
            case 0x59 -> callLine = number(attribute, form);
            case 0x57 -> callColumn = number(attribute, form);
            case 0x72 -> stringOffsetsBase = number(attribute, form);
            case 0x73, 0x2133 -> addressBase = number(attribute, form); // DW_AT_addr_base, DW_AT_GNU_addr_base
            case 0x74 -> rangeListsBase = number(attribute, form);
            case 0x3c -> declaration = number(attribute, form) != 0;
            default -> Form.skip(in, form, unit.encoding());
        }
    }

    private void value(Value value, int form) {
        value.form = form;
        if (form == Form.STRING) {
            value.text = in.string(limits);
        } else if (Form.isNumber(form)) {
            value.number = Form.number(in, form, unit.encoding());
        } else {
            Form.skip(in, form, unit.encoding());
            value.form = 0;
        }
    }

    private long number(Attribute attribute, int form) {
        if (form == Form.IMPLICIT_CONST) {
            return attribute.implicit();
        }
        if (Form.isNumber(form)) {
            return Form.number(in, form, unit.encoding());
        }
        Form.skip(in, form, unit.encoding());
        return NONE;
    }

    /** An entry's offset in the section; NONE for a reference into another file or a type unit. */
    private long reference(int form) {
        if (!Form.isNumber(form)) {
            Form.skip(in, form, unit.encoding());
            return NONE;
        }
        long number = Form.number(in, form, unit.encoding());
        return switch (form) {
            case Form.REF1, Form.REF2, Form.REF4, Form.REF8, Form.REF_UDATA -> unit.offset() + number;
            case Form.REF_ADDR -> number;
            default -> NONE;
        };
    }
}
