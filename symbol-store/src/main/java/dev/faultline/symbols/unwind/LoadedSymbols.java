package dev.faultline.symbols.unwind;

import dev.faultline.symbols.coredump.LoadedImage;
import dev.faultline.symbols.elf.ElfFile;
import dev.faultline.symbols.index.AddressRange;
import dev.faultline.symbols.index.SymbolIndex;
import dev.faultline.symbols.store.ModuleSymbols;
import dev.faultline.symbols.store.SymbolSource;
import java.util.ArrayList;
import java.util.List;
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

        private boolean hasCode(long address) {
            long linked = linked(address);
            return index().isPresent() && covers(index().get().text(), linked);
        }

        private static boolean covers(List<AddressRange> ascending, long address) {
            for (var range : ascending) {
                if (range.contains(address)) {
                    return true;
                }
            }
            return false;
        }
    }

    private final List<Module> modules;

    private LoadedSymbols(List<Module> modules) {
        this.modules = List.copyOf(modules);
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
        for (var module : modules) {
            if (module.hasCode(address)) {
                return Optional.of(module);
            }
        }
        return Optional.empty();
    }

    /** The first module without symbols: what is not known to be code elsewhere may be its code. */
    public Optional<Module> unknown() {
        return modules.stream().filter(module -> module.symbols().isEmpty()).findFirst();
    }

    @Override
    public void close() {
        for (var module : modules) {
            module.symbols().ifPresent(ModuleSymbols::close);
        }
    }
}
