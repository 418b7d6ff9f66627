package dev.faultline.symbols.variables;

import static dev.faultline.symbols.dwarf.DwarfNames.*;

import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.dwarf.DebugInfo;
import dev.faultline.symbols.dwarf.Entry;
import dev.faultline.symbols.dwarf.Unit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where the globals of an image, and the structures that it defines, are described, by name. Read once from all its units,
 * as columns of numbers.
 */
final class GlobalNames {
    /** Most bytes of debugging information that may be read for it. */
    private static final long MOST_WORK = 2L << 30;

    /** Most variables and most structures; 12 bytes each. */
    private static final int MOST_NAMES = 2_000_000;

    /** Most of one name that are looked at. */
    private static final int MOST_SAME = 64;

    private final List<Unit> units = new ArrayList<>();
    private final Places variables = new Places();
    private final Places structures = new Places();
    private @Nullable String incomplete;

    /** Where a variable is described. */
    record Place(Unit unit, long offset) {}

    /** Hashes of names, the unit's number and the offset of each entry; in the order of the file. */
    private static final class Places {
        private int count;
        private int[] hashes = new int[256];
        private int[] units = new int[256];
        private long[] offsets = new long[256];

        boolean add(String name, int unit, long offset) {
            if (count == MOST_NAMES) {
                return false;
            }
            if (count == hashes.length) {
                hashes = Arrays.copyOf(hashes, 2 * count);
                units = Arrays.copyOf(units, 2 * count);
                offsets = Arrays.copyOf(offsets, 2 * count);
            }
            hashes[count] = name.hashCode();
            units[count] = unit;
            offsets[count++] = offset;
            return true;
        }
    }

    static GlobalNames read(DebugInfo debugInfo) {
        var names = new GlobalNames();
        var reader = debugInfo.entries(MOST_WORK);
        for (Unit unit : reader.units()) {
            names.units.add(unit);
            try {
                var root = reader.root(unit);
                names.entries(root, names.units.size() - 1, 0);
            } catch (FormatException e) {
                names.incomplete = names.incomplete == null ? String.valueOf(e.getMessage()) : names.incomplete;
            }
        }
        return names;
    }

    /** Why not all are known; null where they are. */
    @Nullable
    String incomplete() {
        return incomplete;
    }

    private void entries(Entry parent, int unit, int depth) {
        if (depth == 32) {
            throw new FormatException("namespaces more than %d deep".formatted(depth));
        }
        for (var entry : parent.children()) {
            switch (entry.tag()) {
                case DW_TAG_VARIABLE -> {
                    if (!entry.flag(DW_AT_DECLARATION)) {
                        add(variables, entry.name(), unit, entry);
                        String linkageName = entry.having(DW_AT_LINKAGE_NAME)
                                .map(named -> named.text(DW_AT_LINKAGE_NAME))
                                .orElse("");
                        if (!linkageName.isEmpty()) {
                            add(variables, linkageName, unit, entry);
                        }
                    }
                }
                case DW_TAG_STRUCTURE_TYPE, DW_TAG_CLASS_TYPE, DW_TAG_UNION_TYPE -> {
                    if (!entry.flag(DW_AT_DECLARATION) && entry.has(DW_AT_NAME)) {
                        add(structures, entry.text(DW_AT_NAME), unit, entry);
                    }
                }
                case DW_TAG_NAMESPACE, DW_TAG_MODULE -> entries(entry, unit, depth + 1);
                default -> {}
            }
        }
    }

    private void add(Places places, String name, int unit, Entry entry) {
        if (!name.isEmpty() && !places.add(name, unit, entry.offset())) {
            incomplete = "more than %d globals or structures".formatted(MOST_NAMES);
        }
    }

    /** Where structures of a name may be defined; the reader of the name decides. */
    List<TypeReference> definitions(String name) {
        var found = new ArrayList<TypeReference>();
        for (var place : places(structures, name)) {
            found.add(new TypeReference(place.unit(), place.offset()));
        }
        return found;
    }

    /** Where variables of a name may be; one of another name with the same hash may be among them. */
    List<Place> variables(String name) {
        return places(variables, name);
    }

    private List<Place> places(Places places, String name) {
        int hash = name.hashCode();
        var found = new ArrayList<Place>();
        for (int i = 0; i < places.count && found.size() < MOST_SAME; i++) {
            if (places.hashes[i] == hash) {
                found.add(new Place(units.get(places.units[i]), places.offsets[i]));
            }
        }
        return found;
    }

    /** Every variable, in the order of the file, from one on. */
    List<Place> variables(int from, int most) {
        var found = new ArrayList<Place>();
        Set<Place> seen = new HashSet<>();
        for (int i = from; i < variables.count && found.size() < most; i++) {
            var place = new Place(units.get(variables.units[i]), variables.offsets[i]);
            if (seen.add(place)) {
                found.add(place);
            }
        }
        return found;
    }

    /** How many there are. */
    int count() {
        return variables.count;
    }
}
