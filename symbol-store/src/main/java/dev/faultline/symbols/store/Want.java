package dev.faultline.symbols.store;

import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.dwarf.SplitLinks;
import dev.faultline.symbols.elf.BuildId;
import dev.faultline.symbols.elf.ElfFile;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * A file that another one refers to.
 *
 * @param kind what it is
 * @param key which one it is: a build id, or the number of a split unit in 16 digits; hexadecimal
 * @param name as the file that wants it names it
 * @param directory that the name is seen from, where the file says it; else empty
 */
public record Want(Kind kind, String key, String name, String directory) {

    /** How a file is referred to. */
    public enum Kind {
        /** What dwz took out of several debug files; by its build id. */
        ALTERNATE("alternate"),
        /** A split unit: its {@code .dwo} file, or a package that has it. */
        SPLIT("split");

        private final String label;

        Kind(String label) {
            this.label = label;
        }

        /** As stored and sent. */
        public String label() {
            return label;
        }
    }

    /** All that a file refers to, each once. */
    public static List<Want> of(ElfFile file, Limits limits) {
        var wants = new ArrayList<Want>();
        try {
            file.alternateLink()
                    .ifPresent(link ->
                            wants.add(new Want(Kind.ALTERNATE, link.buildId().hex(), link.name(), "")));
        } catch (FormatException broken) {
            // said where the index is built; there is no name to ask for
            wants.clear();
        }
        for (var reference : SplitLinks.references(file, limits)) {
            wants.add(new Want(Kind.SPLIT, key(reference.dwoId()), reference.name(), reference.directory()));
        }
        return wants.stream().distinct().toList();
    }

    /** The keys under which others refer to a file, by its role. */
    public static List<String> keys(ElfFile file, FileRole role, Limits limits) {
        return switch (role) {
            case WHOLE, IMAGE, DEBUG_FILE -> List.of(file.buildId().hex());
            case ALTERNATE -> file.alternateId().map(BuildId::hex).stream().toList();
            case SPLIT, PACKAGE ->
                SplitLinks.identities(file, limits).stream()
                        .map(Want::key)
                        .distinct()
                        .toList();
        };
    }

    static String key(long dwoId) {
        return HexFormat.of().toHexDigits(dwoId);
    }
}
