package dev.faultline.symbols.store;

import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.dwarf.SplitLinks;
import dev.faultline.symbols.elf.ElfFile;
import dev.faultline.symbols.elf.Section;

/** What a file is among those of one build; decided by its section headers, not by its name. */
public enum FileRole {
    /** Code and debugging information. */
    WHOLE("whole"),
    /** Code without debugging information: what is on the device. */
    IMAGE("image"),
    /** Debugging information or symbols without code: what strip took away. */
    DEBUG_FILE("debug-file"),
    /** What dwz took out of several debug files. */
    ALTERNATE("alternate"),
    /** Split units: a {@code .dwo} file. */
    SPLIT("dwo"),
    /** All split units of an image: a {@code .dwp} file. */
    PACKAGE("dwp");

    private final String label;

    FileRole(String label) {
        this.label = label;
    }

    /** As stored and sent. */
    public String label() {
        return label;
    }

    /** The role of a label. */
    public static FileRole of(String label) {
        for (FileRole role : values()) {
            if (role.label.equals(label)) {
                return role;
            }
        }
        throw new IllegalArgumentException("no role of a file: " + label);
    }

    /** Whether it is about code of its own, so that an index of it answers. */
    public boolean isMain() {
        return switch (this) {
            case WHOLE, IMAGE, DEBUG_FILE -> true;
            case ALTERNATE, SPLIT, PACKAGE -> false;
        };
    }

    public static FileRole of(ElfFile file, Limits limits) {
        boolean debugInfo = has(file, ".debug_info");
        if (!debugInfo && file.section(".debug_cu_index").isPresent()) {
            return PACKAGE;
        }
        // an object file may have both, where the compiler was told not to make a second file
        if (!debugInfo && has(file, ".debug_info.dwo")) {
            return SPLIT;
        }
        boolean placeForCode = file.sections().stream().anyMatch(Section::isCode);
        if (debugInfo
                && !placeForCode
                && file.alternateId().isPresent()
                && SplitLinks.hasOnlyPartialUnits(file, limits)) {
            return ALTERNATE;
        }
        boolean code = file.sections().stream()
                .anyMatch(section -> section.isCode() && section.type() != Section.SHT_NOBITS && section.size() > 0);
        return !code ? DEBUG_FILE : debugInfo ? WHOLE : IMAGE;
    }

    private static boolean has(ElfFile file, String name) {
        return file.section(name)
                .or(() -> file.section(name.replace(".debug_", ".zdebug_")))
                .isPresent();
    }
}
