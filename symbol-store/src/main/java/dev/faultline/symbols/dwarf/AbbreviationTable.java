package dev.faultline.symbols.dwarf;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.Limits;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One table of {@code .debug_abbrev} (DWARF 5, 7.5.3), by abbreviation code. */
final class AbbreviationTable {
    /** Compilers count codes from 1; a table with larger ones is a rare or hostile one. */
    private static final int MOST_DENSE = 1 << 14;

    private final @Nullable Abbreviation[] dense;
    private final Map<Long, Abbreviation> others;
    private final long weight;

    private AbbreviationTable(@Nullable Abbreviation[] dense, Map<Long, Abbreviation> others, long weight) {
        this.dense = dense;
        this.others = others;
        this.weight = weight;
    }

    /** Reads the table at the reader's position. */
    static AbbreviationTable read(
            ByteReader in, Encoding encoding, AbbreviationPool pool, boolean named, Limits limits) {
        var reader = new Abbreviation.Reader(encoding, pool, named);
        @Nullable Abbreviation[] dense = new Abbreviation[128];
        var others = new HashMap<Long, Abbreviation>();
        long weight = 0;
        int count = 0;
        for (long code = in.uleb(); code != 0; code = in.uleb()) {
            Limits.checkCount(in, "number of abbreviations", ++count, limits.abbreviations());
            var abbreviation = reader.read(in);
            weight += reader.shared() ? 0 : abbreviation.weight();
            if (code > 0 && code < MOST_DENSE) {
                if (code >= dense.length) {
                    @Nullable Abbreviation[] longer = new Abbreviation[Math.max((int) code + 1, 2 * dense.length)];
                    System.arraycopy(dense, 0, longer, 0, dense.length);
                    dense = longer;
                }
                dense[(int) code] = abbreviation;
            } else {
                others.put(code, abbreviation);
            }
        }
        return new AbbreviationTable(dense, others, weight + 4L * dense.length + 64L * others.size());
    }

    @Nullable
    Abbreviation get(long code) {
        return code >= 0 && code < dense.length ? dense[(int) code] : others.get(code);
    }

    /** Those of the smallest codes, at least 128: what nearly every entry has. */
    @Nullable
    Abbreviation[] dense() {
        return dense;
    }

    /** How much of the heap it takes, roughly. */
    long weight() {
        return weight;
    }
}
