package dev.faultline.symbols.store;

import dev.faultline.symbols.dwarf.Companions;
import dev.faultline.symbols.elf.ElfFile;
import dev.faultline.symbols.index.SymbolIndex;

/** A lease on the symbols of one image: index and debug file stay mapped until it is closed. */
public final class ModuleSymbols implements AutoCloseable {
    private final String name;
    private final SymbolIndex index;
    private final ElfFile elf;
    private final Companions companions;
    private final Runnable release;

    ModuleSymbols(String name, SymbolIndex index, ElfFile elf, Companions companions, Runnable release) {
        this.name = name;
        this.index = index;
        this.elf = elf;
        this.companions = companions;
        this.release = release;
    }

    public SymbolIndex index() {
        return index;
    }

    /** The debug file: read-only bytes of the image, types and locations. */
    public ElfFile elf() {
        return elf;
    }

    /** The files that the debug file refers to; open for as long as it is. */
    public Companions companions() {
        return companions;
    }

    /** What people call the image: the file's name. */
    public String name() {
        return name;
    }

    @Override
    public void close() {
        release.run();
    }
}
