package dev.faultline.symbolfile;

import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.elf.ElfFile;
import dev.faultline.symbols.store.FileRole;
import dev.faultline.symbols.store.Want;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the bytes of a file say of its place among others.
 *
 * @param buildId the build that it is of; absent where it is about no code of its own
 * @param keys what others want it by
 * @param wants what it refers to
 */
record SymbolFacts(FileRole role, @Nullable String buildId, List<String> keys, List<Want> wants) {
    /** A package or an image of more units than this is one of which the first ones are found by their numbers. */
    static final int MOST_LINKS = 100_000;

    private static final int LONGEST_NAME = 4096;

    /**
     * Reads headers and the roots of units.
     *
     * @throws FormatException when it is broken, or nothing in it says which files it completes
     */
    static SymbolFacts read(Path file) {
        try (var elf = ElfFile.open(file, Limits.DEFAULT)) {
            var role = FileRole.of(elf, Limits.DEFAULT);
            var keys = Want.keys(elf, file, role, Limits.DEFAULT);
            if (keys.isEmpty()) {
                throw new FormatException(
                        switch (role) {
                            case SPLIT, PACKAGE -> "it has no split unit that can be read";
                            case ALTERNATE -> "it has no build id that others could name it by";
                            case WHOLE, IMAGE, DEBUG_FILE -> "it has no build id";
                        });
            }
            return new SymbolFacts(
                    role,
                    role.isMain() ? elf.buildId().hex() : null,
                    keys.stream().limit(MOST_LINKS).toList(),
                    Want.of(elf, role, Limits.DEFAULT).stream()
                            .limit(MOST_LINKS)
                            .map(SymbolFacts::storable)
                            .toList());
        }
    }

    /** PostgreSQL's text has no NUL, and a name is only ever shown. */
    private static Want storable(Want want) {
        return new Want(want.role(), want.key(), storable(want.name()), storable(want.directory()));
    }

    private static String storable(String text) {
        return text.substring(0, Math.min(LONGEST_NAME, text.length())).replace('\0', ' ');
    }
}
