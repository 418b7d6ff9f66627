package dev.faultline.symbols.dwarf;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.Limits;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One table of {@code .debug_abbrev} (DWARF 5, 7.5.3), by abbreviation code. */
final class Abbreviations {
    private static final int MOST_ATTRIBUTES = 1 << 12;
    private static final int DW_FORM_IMPLICIT_CONST = 0x21;

    private final Map<Long, Abbreviation> byCode;

    private Abbreviations(Map<Long, Abbreviation> byCode) {
        this.byCode = byCode;
    }

    /**
     * What the entries of one code look like: their attributes in order, as pairs of name and form.
     *
     * @param tag {@code DW_TAG_…}
     * @param children whether entries have some
     * @param attributes name, form and implicit constant of each, in order
     */
    record Abbreviation(int tag, boolean children, List<Attribute> attributes) {}

    /** {@code DW_AT_…}, {@code DW_FORM_…} and the value that DW_FORM_implicit_const keeps here. */
    record Attribute(int name, int form, long implicit) {}

    /** Reads the table at the reader's position. */
    static Abbreviations read(ByteReader in, Limits limits) {
        var byCode = new HashMap<Long, Abbreviation>();
        for (long code = in.uleb(); code != 0; code = in.uleb()) {
            Limits.checkCount(in, "number of abbreviations", byCode.size() + 1L, limits.abbreviations());
            int tag = small(in);
            boolean children = in.u8() != 0;
            byCode.put(code, new Abbreviation(tag, children, attributes(in)));
        }
        return new Abbreviations(byCode);
    }

    private static List<Attribute> attributes(ByteReader in) {
        var attributes = new ArrayList<Attribute>();
        while (true) {
            int name = small(in);
            int form = small(in);
            long implicit = form == DW_FORM_IMPLICIT_CONST ? in.sleb() : 0;
            if (name == 0 && form == 0) {
                return List.copyOf(attributes);
            }
            Limits.checkCount(in, "number of attributes", attributes.size() + 1L, MOST_ATTRIBUTES);
            attributes.add(new Attribute(name, form, implicit));
        }
    }

    private static int small(ByteReader in) {
        return Limits.checkCount(in, "tag, attribute or form", in.uleb(), 0xffff);
    }

    @Nullable
    Abbreviation get(long code) {
        return byCode.get(code);
    }
}
