package dev.faultline.symbols.store;

import dev.faultline.symbols.elf.BuildId;
import java.util.Optional;

/** Where the symbols of an image come from. */
public interface SymbolSource {

    /** The symbols of one build, to be closed after use; empty: nobody gave us its debug file. */
    Optional<ModuleSymbols> open(BuildId id);

    /**
     * The symbols of the build whose debug file, as the linker wrote it, has a SHA-256 that begins so. A source that knows
     * its files by build id alone finds none.
     *
     * @param prefix in lower-case hexadecimal
     */
    default FileHashMatch byFileHash(String prefix) {
        return new FileHashMatch.None();
    }
}
