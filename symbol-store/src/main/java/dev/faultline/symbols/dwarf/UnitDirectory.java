package dev.faultline.symbols.dwarf;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The units of one section of one file, found by hopping from header to header. */
final class UnitDirectory {
    private final DebugFile file;
    private final List<Unit> units;

    private UnitDirectory(DebugFile file, List<Unit> units) {
        this.file = file;
        this.units = units;
    }

    /** The units of {@code .debug_info}, or of {@code .debug_types}; one with a broken header is left out and said. */
    static UnitDirectory read(
            DebugInfo debugInfo, DebugFile file, boolean inTypes, Limits limits, Consumer<String> diagnostics) {
        var units = new ArrayList<Unit>();
        var in = inTypes ? file.types() : file.info();
        while (in.remaining() >= Integer.BYTES) {
            if (isPadding(in)) {
                continue;
            }
            long end;
            try {
                end = UnitHeader.end(in);
            } catch (FormatException e) {
                // without a length the next unit can not be found
                diagnostics.accept(String.valueOf(e.getMessage()));
                break;
            }
            if (units.size() == limits.units()) {
                diagnostics.accept("more than %d units; the others are left out".formatted(limits.units()));
                break;
            }
            try {
                var header = inTypes ? UnitHeader.readTypeUnit(in) : UnitHeader.read(in);
                units.add(new Unit(debugInfo, file, header, inTypes, Unit.Contribution.WHOLE, null));
            } catch (FormatException e) {
                diagnostics.accept(String.valueOf(e.getMessage()));
            }
            in.seek(end);
        }
        return new UnitDirectory(file, List.copyOf(units));
    }

    /** Linkers fill up with zeros: a unit without a byte. */
    private static boolean isPadding(ByteReader in) {
        long start = in.position();
        if (in.u32() == 0) {
            return true;
        }
        in.seek(start);
        return false;
    }

    DebugFile file() {
        return file;
    }

    /** All units, in the file's order. */
    List<Unit> units() {
        return units;
    }

    /** The unit that has an entry; null where none has. */
    @Nullable
    Unit at(long entry) {
        int low = 0;
        int high = units.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            var unit = units.get(middle);
            if (entry < unit.offset()) {
                high = middle - 1;
            } else if (entry >= unit.end()) {
                low = middle + 1;
            } else {
                return unit.header().contains(entry) ? unit : null;
            }
        }
        return null;
    }
}
