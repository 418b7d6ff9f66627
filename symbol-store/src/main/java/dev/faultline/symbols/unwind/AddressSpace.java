package dev.faultline.symbols.unwind;

import dev.faultline.symbols.arch.Architecture;
import dev.faultline.symbols.coredump.Memory;
import dev.faultline.symbols.dwarf.UnwindRow;
import dev.faultline.symbols.index.FunctionSymbol;
import dev.faultline.symbols.index.SymbolIndex;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Everything that is known by address: the bytes of the dump, behind them the read-only bytes of the images, and what
 * the symbols say. What neither has is absent.
 */
public final class AddressSpace {
    private final Architecture architecture;
    private final Memory memory;
    private final LoadedSymbols symbols;

    public AddressSpace(Architecture architecture, Memory memory, LoadedSymbols symbols) {
        this.architecture = architecture;
        this.memory = memory;
        this.symbols = symbols;
    }

    public Architecture architecture() {
        return architecture;
    }

    public Memory memory() {
        return memory;
    }

    public LoadedSymbols symbols() {
        return symbols;
    }

    /** A word as large as an address. */
    public OptionalLong word(long address) {
        return unsigned(address, architecture.wordBytes());
    }

    /** Bytes of the dump, or of an image that has all of them. */
    public Optional<byte[]> bytes(long address, int size) {
        var captured = memory.bytes(address, size);
        return captured.isPresent() ? captured : readOnly(address, size);
    }

    /** An unsigned integer of 1 to 8 bytes. */
    public OptionalLong unsigned(long address, int size) {
        var bytes = bytes(address, size);
        return bytes.isPresent()
                ? OptionalLong.of(Memory.unsigned(bytes.get(), architecture.byteOrder()))
                : OptionalLong.empty();
    }

    /** Bytes that no program changes, out of the image that has all of them. */
    public Optional<byte[]> readOnly(long address, int size) {
        for (var module : symbols.modules()) {
            var elf = module.elf();
            var bytes = elf.flatMap(file -> file.readOnly(module.linked(address), size));
            if (bytes.isPresent()) {
                return Optional.of(bytes.get().bytes(size));
            }
        }
        return Optional.empty();
    }

    /** Whether an image with symbols has code there. */
    public boolean isCode(long address) {
        return symbols.at(address).isPresent();
    }

    /** Whether there may be code there that nobody gave us the symbols of. */
    public boolean mayBeUnknownCode(long address) {
        return symbols.unknown(address).isPresent() && architecture.mayExecute(address);
    }

    public Optional<UnwindRow> unwindRow(long address) {
        return symbols.at(address)
                .flatMap(module -> module.index().flatMap(index -> index.unwindRow(module.linked(address))));
    }

    /** Whether call frame information says that a signal handler returns there. */
    public boolean isSignalFrame(long address) {
        return symbols.at(address)
                .flatMap(module -> module.index()
                        .filter(SymbolIndex::hasSignalFrames)
                        .flatMap(index -> index.unwindRow(module.linked(address))))
                .map(UnwindRow::signalFrame)
                .orElse(false);
    }

    /** The function that holds an address; its own address is as linked. */
    public Optional<FunctionSymbol> function(long address) {
        return symbols.at(address)
                .flatMap(module -> module.index().flatMap(index -> index.function(module.linked(address))));
    }

    /** The function or global that an address is in, as {@code name+offset}; empty where it is in none. */
    public String describe(long address) {
        long instruction = architecture.instructionAddress(address);
        var code = function(instruction);
        if (code.isPresent()) {
            long linked = symbols.at(instruction).orElseThrow().linked(instruction);
            return named(code.get().name(), linked - code.get().address());
        }
        for (var module : symbols.modules()) {
            var data = module.index().flatMap(index -> index.data(module.linked(address)));
            if (data.isPresent()) {
                return named(
                        data.get().name(), module.linked(address) - data.get().address());
            }
        }
        return "";
    }

    private static String named(String name, long offset) {
        return offset == 0 ? name : name + "+" + offset;
    }

    /** Whether an address begins a function. */
    public boolean beginsFunction(long address) {
        return function(address)
                .flatMap(function -> symbols.at(address).map(module -> module.linked(address) == function.address()))
                .orElse(false);
    }

    /** Whether the instruction before a return address is a call. */
    public boolean followsCall(long returnAddress) {
        int size = architecture.callBytes();
        var before = unsigned(returnAddress - size, size);
        return before.isPresent() && architecture.endsWithCall(before.getAsLong());
    }

    /** Whether the bytes before an address were captured and are no call. */
    public boolean followsNoCall(long returnAddress) {
        int size = architecture.callBytes();
        var before = unsigned(returnAddress - size, size);
        return before.isPresent() && !architecture.endsWithCall(before.getAsLong());
    }

    /** Where the call before a return address goes; empty where it goes through a register. */
    public OptionalLong callTarget(long returnAddress) {
        int size = architecture.callBytes();
        var before = unsigned(returnAddress - size, size);
        return before.isPresent() ? architecture.callTarget(returnAddress, before.getAsLong()) : OptionalLong.empty();
    }
}
