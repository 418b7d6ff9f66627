package dev.faultline.symbols.store;

import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.elf.BuildId;
import dev.faultline.symbols.elf.ElfFile;
import dev.faultline.symbols.index.IndexSummary;
import dev.faultline.symbols.index.SymbolIndex;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The debug files that a command line names; their indexes live in a temporary directory until closed. */
public final class LocalSymbols implements SymbolSource, AutoCloseable {
    private final Path directory;
    private final List<IndexSummary> summaries = new ArrayList<>();
    private final Map<BuildId, Image> images = new LinkedHashMap<>();

    private LocalSymbols(Path directory) {
        this.directory = directory;
    }

    private record Image(String name, SymbolIndex index, ElfFile elf) {}

    /**
     * Builds and opens the index of every file.
     *
     * @throws FormatException when one of them is not a debug file; the message names it
     */
    public static LocalSymbols of(List<Path> debugFiles, Limits limits) {
        LocalSymbols symbols;
        try {
            symbols = new LocalSymbols(Files.createTempDirectory("faultline-symbols"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try {
            for (Path file : debugFiles) {
                symbols.add(file, limits);
            }
            return symbols;
        } catch (RuntimeException e) {
            symbols.close();
            throw e;
        }
    }

    private void add(Path debugFile, Limits limits) {
        String name = String.valueOf(debugFile.getFileName());
        Path indexFile = directory.resolve(summaries.size() + ".idx");
        IndexSummary summary;
        try {
            summary = SymbolIndex.build(debugFile, indexFile, limits);
        } catch (FormatException e) {
            throw new FormatException(debugFile + ": " + e.getMessage(), e);
        }
        summaries.add(summary);
        if (images.containsKey(summary.buildId())) {
            return;
        }
        images.put(summary.buildId(), new Image(name, SymbolIndex.open(indexFile), ElfFile.open(debugFile, limits)));
    }

    /** The builds at hand, in the order given. */
    public List<IndexSummary> summaries() {
        return List.copyOf(summaries);
    }

    @Override
    public Optional<ModuleSymbols> open(BuildId id) {
        return Optional.ofNullable(images.get(id))
                .map(image -> new ModuleSymbols(image.name(), image.index(), image.elf(), () -> {}));
    }

    /** Closes every index; leases of them end as well. */
    @Override
    public void close() {
        for (Image image : images.values()) {
            image.index().close();
            image.elf().close();
        }
        try {
            for (int i = 0; i < summaries.size(); i++) {
                Files.deleteIfExists(directory.resolve(i + ".idx"));
            }
            Files.deleteIfExists(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
