package dev.faultline.symbols.store;

import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.dwarf.SplitLinks;
import dev.faultline.symbols.elf.BuildId;
import dev.faultline.symbols.elf.DebugLink;
import dev.faultline.symbols.elf.ElfFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A file that completes another one.
 *
 * @param role what it is; split units may as well be in a package
 * @param key which one it is: a build id, {@code crc32:} and a checksum, or the number of a split unit in 16 digits;
 *     hexadecimal
 * @param name as the file that wants it names it; empty where it does not
 * @param directory that the name is seen from, where the file says it; else empty
 */
public record Want(FileRole role, String key, String name, String directory) {
    private static final String CHECKSUM = "crc32:";

    /** All that a file wants, each once. */
    public static List<Want> of(ElfFile file, FileRole role, Limits limits) {
        var wants = new ArrayList<Want>();
        switch (role) {
            case IMAGE -> debugFile(file).ifPresent(wants::add);
            case DEBUG_FILE -> file.gnuBuildId().ifPresent(id -> wants.add(new Want(FileRole.IMAGE, id.hex(), "", "")));
            case WHOLE, ALTERNATE, SPLIT, PACKAGE -> {}
        }
        if (!role.isMain()) {
            return wants;
        }
        unlessBroken(file::alternateLink)
                .ifPresent(link ->
                        wants.add(new Want(FileRole.ALTERNATE, link.buildId().hex(), link.name(), "")));
        for (var reference : SplitLinks.references(file, limits)) {
            wants.add(new Want(FileRole.SPLIT, key(reference.dwoId()), reference.name(), reference.directory()));
        }
        return wants.stream().distinct().toList();
    }

    /** By the build id, which both have; else only the checksum tells the right one. */
    private static Optional<Want> debugFile(ElfFile image) {
        var link = unlessBroken(image::debugLink);
        String name = link.map(DebugLink::name).orElse("");
        return image.gnuBuildId()
                .map(id -> new Want(FileRole.DEBUG_FILE, id.hex(), name, ""))
                .or(() -> link.map(known -> new Want(FileRole.DEBUG_FILE, checksum(known.checksum()), name, "")));
    }

    /** What is broken is said where the index is built; there is no name to ask for. */
    private static <T> Optional<T> unlessBroken(Supplier<Optional<T>> link) {
        try {
            return link.get();
        } catch (FormatException broken) {
            return Optional.empty();
        }
    }

    /**
     * The keys under which others want a file, by its role.
     *
     * @param path where its bytes are
     */
    public static List<String> keys(ElfFile file, Path path, FileRole role, Limits limits) {
        return switch (role) {
            case WHOLE, IMAGE -> List.of(file.buildId().hex());
            // by its checksum as well: the image may be without a build id
            case DEBUG_FILE -> List.of(file.buildId().hex(), checksum(FileCompanions.checksum(path)));
            case ALTERNATE -> file.alternateId().map(BuildId::hex).stream().toList();
            case SPLIT, PACKAGE ->
                SplitLinks.identities(file, limits).stream()
                        .map(Want::key)
                        .distinct()
                        .toList();
        };
    }

    private static String key(long dwoId) {
        return HexFormat.of().toHexDigits(dwoId);
    }

    private static String checksum(long crc32) {
        return CHECKSUM + HexFormat.of().toHexDigits((int) crc32);
    }
}
