package dev.faultline.symbols.store;

import dev.faultline.symbols.elf.BuildId;
import java.util.Optional;

/** Where the symbols of an image come from. */
public interface SymbolSource {

    /** The symbols of one build, to be closed after use; empty: nobody gave us its debug file. */
    Optional<ModuleSymbols> open(BuildId id);
}
