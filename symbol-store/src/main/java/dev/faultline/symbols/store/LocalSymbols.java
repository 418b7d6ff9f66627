package dev.faultline.symbols.store;

import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.elf.BuildId;
import dev.faultline.symbols.index.IndexSummary;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The debug files that a command line names; their indexes live in a temporary directory until closed. */
@SuppressWarnings("DoNotCallSuggester") // filled by the next commits
public final class LocalSymbols implements SymbolSource, AutoCloseable {

    /**
     * Builds and opens the index of every file.
     *
     * @throws dev.faultline.symbols.bytes.FormatException when one of them is not a debug file; the message names it
     */
    public static LocalSymbols of(List<Path> debugFiles, Limits limits) {
        throw new UnsupportedOperationException();
    }

    /** The builds at hand, in the order given. */
    public List<IndexSummary> summaries() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<ModuleSymbols> open(BuildId id) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
