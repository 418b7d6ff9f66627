package dev.faultline.symbols.unwind;

import dev.faultline.symbols.coredump.LoadedImage;
import dev.faultline.symbols.elf.ElfFile;
import dev.faultline.symbols.index.SymbolIndex;
import dev.faultline.symbols.store.ModuleSymbols;
import dev.faultline.symbols.store.SymbolSource;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.Optional;

/** The images of one crash with the symbols that are there for them; holds their leases until closed. */
public final class LoadedSymbols implements AutoCloseable {

    /** An image and its symbols, if anyone uploaded them. */
    public record Module(LoadedImage image, Optional<ModuleSymbols> symbols) {

        /** An address in memory as the image's own. */
        public long linked(long address) {
            return address - image.bias();
        }

        public Optional<SymbolIndex> index() {
            return symbols.map(ModuleSymbols::index);
        }

        Optional<ElfFile> elf() {
            return symbols.map(ModuleSymbols::elf);
        }

        private boolean holds(long address) {
            var range = image.range();
            return range != null && range.contains(address);
        }
    }

    /** Code with symbols in memory, {@code end} exclusive. */
    private record Code(long end, Module module) {}

    private final List<Module> modules;
    private final TreeMap<Long, Code> code = new TreeMap<>(Long::compareUnsigned);

    private LoadedSymbols(List<Module> modules) {
        this.modules = List.copyOf(modules);
        for (var module : this.modules) {
            for (var range : module.index().map(SymbolIndex::text).orElse(List.of())) {
                long bias = module.image().bias();
                code.putIfAbsent(range.start() + bias, new Code(range.end() + bias, module));
            }
        }
    }

    /** Opens whatever the source has for the images. */
    public static LoadedSymbols open(List<LoadedImage> images, SymbolSource source) {
        var modules = new ArrayList<Module>();
        for (var image : images) {
            var id = image.buildId();
            modules.add(new Module(image, id == null ? Optional.empty() : source.open(id)));
        }
        return new LoadedSymbols(modules);
    }

    public List<Module> modules() {
        return modules;
    }

    /** The module with symbols whose code holds an address. */
    public Optional<Module> at(long address) {
        var below = code.floorEntry(address);
        return below != null && Long.compareUnsigned(address, below.getValue().end()) < 0
                ? Optional.of(below.getValue().module())
                : Optional.empty();
    }

    /**
     * The module without symbols whose code may be at an address: one that lies there, else the first one of which nobody
     * knows where it lies.
     */
    public Optional<Module> unknown(long address) {
        Module anywhere = null;
        for (var module : modules) {
            if (module.symbols().isEmpty() && module.holds(address)) {
                return Optional.of(module);
            }
            boolean isAnywhere = module.symbols().isEmpty() && module.image().range() == null;
            anywhere = anywhere == null && isAnywhere ? module : anywhere;
        }
        return Optional.ofNullable(anywhere);
    }

    /** The module that lies at an address, be it code or not. */
    public Optional<Module> around(long address) {
        return modules.stream().filter(module -> module.holds(address)).findFirst();
    }

    /** Whether any module has symbols. */
    public boolean isAnyKnown() {
        return !code.isEmpty();
    }

    @Override
    public void close() {
        for (var module : modules) {
            module.symbols().ifPresent(ModuleSymbols::close);
        }
    }
}
