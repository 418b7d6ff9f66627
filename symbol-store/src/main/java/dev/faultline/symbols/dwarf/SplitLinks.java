package dev.faultline.symbols.dwarf;

import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.elf.ElfFile;
import java.util.ArrayList;
import java.util.List;

/** What ties the units of an image to those that a compiler put into other files: a number that both have. */
public final class SplitLinks {
    private SplitLinks() {}

    /**
     * The rest of a unit, as the image names it.
     *
     * @param name of the {@code .dwo} file, as the compiler wrote it
     * @param directory of the compilation
     * @param dwoId which unit it is
     */
    public record Reference(String name, String directory, long dwoId) {}

    /** The units of an image whose rest is elsewhere, in the file's order. */
    public static List<Reference> references(ElfFile image, Limits limits) {
        // what is broken is said by who reads the units for their own sake
        var debugInfo = DebugInfo.open(image, Companions.NONE, limits, text -> {});
        var references = new ArrayList<Reference>();
        for (Unit unit : debugInfo.units()) {
            var root = unit.root();
            if (root.dwoName() != DebugTexts.NONE) {
                references.add(new Reference(debugInfo.texts().text(root.dwoName()), unit.directory(), root.dwoId()));
            }
        }
        return List.copyOf(references);
    }

    /** Whether a file only says what others share: no unit of it is about code. */
    public static boolean hasOnlyPartialUnits(ElfFile file, Limits limits) {
        return DebugInfo.open(file, Companions.NONE, limits, text -> {}).units().stream()
                .allMatch(unit -> unit.root().tag() == DwarfNames.DW_TAG_PARTIAL_UNIT);
    }

    /**
     * The units that a {@code .dwo} file or a package of them has.
     *
     * @throws FormatException when the package's index is broken
     */
    public static List<Long> identities(ElfFile splitFile, Limits limits) {
        var index = splitFile.section(".debug_cu_index");
        if (index.isPresent()) {
            return PackageIndex.read(splitFile.bytes(index.get())).identities();
        }
        var debugInfo = DebugInfo.open(splitFile, Companions.NONE, limits, text -> {});
        var identities = new ArrayList<Long>();
        for (Unit unit :
                debugInfo.directory(debugInfo.openFile(splitFile, true)).units()) {
            int type = unit.header().type();
            boolean compiled = type == UnitHeader.DW_UT_SPLIT_COMPILE || type == UnitHeader.DW_UT_COMPILE;
            if (compiled && unit.root().failure() == null) {
                identities.add(unit.root().dwoId());
            }
        }
        return List.copyOf(identities);
    }
}
