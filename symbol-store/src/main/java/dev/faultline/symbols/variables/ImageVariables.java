package dev.faultline.symbols.variables;

import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.dwarf.DebugInfo;
import dev.faultline.symbols.dwarf.EntryReader;
import dev.faultline.symbols.dwarf.Unit;
import dev.faultline.symbols.store.ModuleSymbols;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was read of one image's debugging information, kept for the next crash: the types of the units used last, and the
 * names of its globals. Safe for use by many threads.
 */
final class ImageVariables {
    /** Most bytes of types that one image keeps. */
    static final long MOST_BYTES = 16L << 20;

    private final DebugInfo debugInfo;
    private final boolean littleEndian;

    /** Types by unit, the unit used last at the end; guarded by itself, as is {@link #bytes}. */
    private final LinkedHashMap<Unit, UnitTypes> units = new LinkedHashMap<>(16, 0.75f, true);

    private long bytes;

    private final Object namesLock = new Object();

    /** Guarded by {@link #namesLock}. */
    private @Nullable GlobalNames names;

    private static final class UnitTypes {
        private final Map<Long, Type> types = new HashMap<>();
        private long bytes;
    }

    private ImageVariables(ModuleSymbols symbols, Limits limits) {
        this.debugInfo = DebugInfo.openWhole(symbols.elf(), symbols.companions(), limits);
        this.littleEndian = symbols.elf().header().order() == ByteOrder.LITTLE_ENDIAN;
    }

    /** What is kept of an image for as long as its debug file is open. */
    static ImageVariables of(ModuleSymbols symbols, Limits limits) {
        return symbols.elf().derived(ImageVariables.class, () -> new ImageVariables(symbols, limits));
    }

    EntryReader entries(long work) {
        return debugInfo.entries(work);
    }

    boolean littleEndian() {
        return littleEndian;
    }

    @Nullable
    Type type(TypeReference reference) {
        synchronized (units) {
            var unit = units.get(reference.unit());
            return unit == null ? null : unit.types.get(reference.offset());
        }
    }

    void keep(TypeReference reference, Type type) {
        var owner = reference.unit();
        if (owner == null) {
            return;
        }
        synchronized (units) {
            var unit = units.computeIfAbsent(owner, any -> new UnitTypes());
            if (unit.types.putIfAbsent(reference.offset(), type) == null) {
                unit.bytes += type.weight();
                bytes += type.weight();
            }
            Iterator<UnitTypes> oldest = units.values().iterator();
            while (bytes > MOST_BYTES && oldest.hasNext()) {
                bytes -= oldest.next().bytes;
                oldest.remove();
            }
        }
    }

    /** The bytes of types that are kept now, roughly. */
    long bytes() {
        synchronized (units) {
            return bytes;
        }
    }

    /** The names of globals and structures; the first call reads through all units. */
    GlobalNames names(EntryReader reader) {
        synchronized (namesLock) {
            var known = names;
            if (known == null) {
                known = GlobalNames.read(debugInfo);
                names = known;
            }
            return known;
        }
    }
}
