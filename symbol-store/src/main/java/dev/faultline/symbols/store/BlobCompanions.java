package dev.faultline.symbols.store;

import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.dwarf.Companions;
import dev.faultline.symbols.dwarf.SplitLinks;
import dev.faultline.symbols.elf.AlternateLink;
import dev.faultline.symbols.elf.BuildId;
import dev.faultline.symbols.elf.ElfFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Companions that are given: what each of them has says which one is meant, its name does not count. */
final class BlobCompanions implements Companions, AutoCloseable {
    private final List<ElfFile> opened = new ArrayList<>();
    private final Map<BuildId, ElfFile> alternates = new HashMap<>();
    private final Map<Long, ElfFile> splits = new HashMap<>();
    private @Nullable ElfFile splitPackage;

    /**
     * A file with its role.
     *
     * @param path where its bytes are
     */
    record Companion(FileRole role, Path path) {}

    /** Opens all of them; of several packages the first is the one. */
    BlobCompanions(List<Companion> companions, Limits limits) {
        try {
            for (Companion companion : companions) {
                var elf = ElfFile.open(companion.path(), limits);
                opened.add(elf);
                take(companion.role(), elf, limits);
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private void take(FileRole role, ElfFile elf, Limits limits) {
        switch (role) {
            case ALTERNATE -> elf.alternateId().ifPresent(id -> alternates.putIfAbsent(id, elf));
            case SPLIT -> SplitLinks.identities(elf, limits).forEach(id -> splits.putIfAbsent(id, elf));
            case PACKAGE -> splitPackage = splitPackage == null ? elf : splitPackage;
            case WHOLE, IMAGE, DEBUG_FILE -> throw new IllegalArgumentException(role + " is no companion");
        }
    }

    @Override
    public Optional<ElfFile> alternate(AlternateLink link) {
        return Optional.ofNullable(alternates.get(link.buildId()));
    }

    @Override
    public Optional<ElfFile> split(String dwoName, String compilationDirectory, long dwoId) {
        return Optional.ofNullable(splits.get(dwoId));
    }

    @Override
    public Optional<ElfFile> splitPackage() {
        return Optional.ofNullable(splitPackage);
    }

    @Override
    public void close() {
        opened.forEach(ElfFile::close);
    }
}
