package dev.faultline.symbols.index;

import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.dwarf.UnwindRow;
import dev.faultline.symbols.elf.BuildId;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What the addresses of one image mean. Immutable and safe for use by many threads; addresses come without the Thumb
 * bit and as linked.
 */
@SuppressWarnings("DoNotCallSuggester") // filled by the next commits
public final class SymbolIndex implements AutoCloseable {

    /**
     * Compiles a debug file into an index file, which appears whole or not at all; I/O errors are UncheckedIOExceptions.
     *
     * @throws dev.faultline.symbols.bytes.FormatException when it is not a linked ELF image or is broken beyond use;
     *     smaller damage is left out and said in the summary
     */
    public static IndexSummary build(Path debugFile, Path indexFile, Limits limits) {
        throw new UnsupportedOperationException();
    }

    /**
     * Maps an index file.
     *
     * @throws dev.faultline.symbols.bytes.FormatException when it is damaged or of another format version: build it again
     */
    public static SymbolIndex open(Path indexFile) {
        throw new UnsupportedOperationException();
    }

    /** What was said when the index was built. */
    public IndexSummary summary() {
        throw new UnsupportedOperationException();
    }

    public BuildId buildId() {
        throw new UnsupportedOperationException();
    }

    /** {@code e_machine}. */
    public int machine() {
        throw new UnsupportedOperationException();
    }

    public ByteOrder byteOrder() {
        throw new UnsupportedOperationException();
    }

    /** Bytes of an address, 4 or 8. */
    public int addressSize() {
        throw new UnsupportedOperationException();
    }

    /** The executable ranges, ascending. */
    public List<AddressRange> text() {
        throw new UnsupportedOperationException();
    }

    /** Every level at an address, innermost first; empty where no function is. */
    public List<SourceFrame> lookup(long address) {
        throw new UnsupportedOperationException();
    }

    /** The function, not inlined, that holds an address. */
    public Optional<FunctionSymbol> function(long address) {
        throw new UnsupportedOperationException();
    }

    /** A function by its name in the source or its linker's name. */
    public Optional<FunctionSymbol> function(String name) {
        throw new UnsupportedOperationException();
    }

    public Optional<DataSymbol> data(String name) {
        throw new UnsupportedOperationException();
    }

    /** The global that holds an address; one of unknown size holds only its first byte. */
    public Optional<DataSymbol> data(long address) {
        throw new UnsupportedOperationException();
    }

    /** How to unwind from an address; empty where no call frame information covers it. */
    public Optional<UnwindRow> unwindRow(long address) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
