package dev.faultline.symbols.dwarf;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.elf.ElfFile;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The units that a compiler put into files of their own (DWARF 5, 7.3.2), or those of GNU before DWARF 5: in a package
 * beside the image, else each in its {@code .dwo} file. Safe for use by many threads.
 */
final class SplitUnits {
    private final DebugInfo debugInfo;
    private final Companions companions;

    /** All below is guarded by this. */
    private boolean packageSought;

    private @Nullable DebugFile packageFile;
    private PackageIndex units = PackageIndex.EMPTY;
    private PackageIndex types = PackageIndex.EMPTY;

    /** By name and directory; those that are not here as well, so that they are sought once. */
    private final Map<Sought, Optional<DebugFile>> files = new HashMap<>();

    private record Sought(String name, String directory) {}

    /** The rest of each unit that was asked for. */
    private final Map<Unit, Optional<Unit>> found = new HashMap<>();

    /** Whose rest a unit is: it can not be that of two, or little input would be much work. */
    private final Map<Long, Unit> taken = new HashMap<>();

    SplitUnits(DebugInfo debugInfo, Companions companions) {
        this.debugInfo = debugInfo;
        this.companions = companions;
    }

    /** The rest of a unit; null where it is not here, which is said. */
    synchronized @Nullable Unit of(Unit skeleton) {
        var known = found.get(skeleton);
        if (known == null) {
            known = Optional.ofNullable(find(skeleton));
            found.put(skeleton, known);
        }
        return known.orElse(null);
    }

    private @Nullable Unit find(Unit skeleton) {
        try {
            var unit = fromPackage(skeleton);
            unit = unit == null ? fromFile(skeleton) : unit;
            if (unit == null) {
                return null;
            }
            var owner = taken.putIfAbsent(unit.key(unit.offset()), skeleton);
            if (owner == null) {
                return unit;
            }
            debugInfo.report(
                    "units at 0x%x and 0x%x have the same split unit".formatted(owner.offset(), skeleton.offset()));
        } catch (FormatException e) {
            debugInfo.report(String.valueOf(e.getMessage()));
        }
        return null;
    }

    private @Nullable Unit fromPackage(Unit skeleton) {
        openPackage();
        var file = packageFile;
        long row = units.row(skeleton.root().dwoId());
        return file == null || row == 0 ? null : packaged(file, units, row, false, skeleton);
    }

    private void openPackage() {
        if (packageSought) {
            return;
        }
        packageSought = true;
        var elf = companions.splitPackage();
        if (elf.isEmpty()) {
            return;
        }
        var file = debugInfo.openFile(elf.get(), true);
        packageFile = file;
        units = index(elf.get(), ".debug_cu_index");
        types = index(elf.get(), ".debug_tu_index");
    }

    private PackageIndex index(ElfFile elf, String name) {
        try {
            var section = elf.section(name);
            return section.isEmpty() || section.get().size() == 0
                    ? PackageIndex.EMPTY
                    : PackageIndex.read(elf.bytes(section.get()));
        } catch (FormatException e) {
            debugInfo.report(String.valueOf(e.getMessage()));
            return PackageIndex.EMPTY;
        }
    }

    private Unit packaged(DebugFile file, PackageIndex index, long row, boolean inTypes, @Nullable Unit skeleton) {
        ByteReader in = inTypes ? file.types() : file.info();
        in.seek(index.offset(row, inTypes ? PackageIndex.TYPES : PackageIndex.INFO));
        var header = inTypes ? UnitHeader.readTypeUnit(in) : UnitHeader.read(in);
        var contribution = new Unit.Contribution(
                index.offset(row, PackageIndex.ABBREVIATIONS),
                index.offset(row, PackageIndex.STRING_OFFSETS),
                // the same number means macros in GNU's version
                index.version() == 5 ? index.offset(row, PackageIndex.RANGE_LISTS) : 0,
                index.offset(row, PackageIndex.LOCATIONS));
        return new Unit(debugInfo, file, header, inTypes, contribution, skeleton);
    }

    private @Nullable Unit fromFile(Unit skeleton) {
        String name = debugInfo.texts().text(skeleton.root().dwoName());
        String directory = skeleton.directory();
        long id = skeleton.root().dwoId();
        var file = files.get(new Sought(name, directory));
        if (file == null) {
            file = companions.split(name, directory, id).map(elf -> debugInfo.openFile(elf, true));
            files.put(new Sought(name, directory), file);
        }
        if (file.isEmpty()) {
            debugInfo.report("%s, which has the rest of a unit of %s, is not here".formatted(name, directory));
            return null;
        }
        for (Unit unit : debugInfo.directory(file.get()).units()) {
            int type = unit.header().type();
            boolean compiled = type == UnitHeader.DW_UT_SPLIT_COMPILE || type == UnitHeader.DW_UT_COMPILE;
            if (compiled && unit.root().dwoId() == id) {
                return new Unit(debugInfo, file.get(), unit.header(), false, Unit.Contribution.WHOLE, skeleton);
            }
        }
        debugInfo.report("%s is of another compilation: it has no unit of id 0x%x".formatted(name, id));
        return null;
    }

    /** A type unit of the package; null where it has none of that signature, or the file is not the package. */
    synchronized @Nullable Unit typeUnit(DebugFile file, long signature) {
        if (file != packageFile) {
            return null;
        }
        long row = types.row(signature);
        return row == 0 ? null : packaged(file, types, row, types.has(PackageIndex.TYPES), null);
    }

    /** Whether a file is the package. */
    synchronized boolean isPackage(DebugFile file) {
        return file == packageFile;
    }
}
