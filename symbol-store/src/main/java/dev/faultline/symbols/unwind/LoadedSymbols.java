package dev.faultline.symbols.unwind;

import dev.faultline.symbols.coredump.LoadedImage;
import dev.faultline.symbols.elf.ElfFile;
import dev.faultline.symbols.elf.Segment;
import dev.faultline.symbols.index.AddressRange;
import dev.faultline.symbols.index.SymbolIndex;
import dev.faultline.symbols.store.FileHashMatch;
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

    /** Whatever the page of the machine, the first segment of an image begins one of these. */
    private static final long PAGE = -4096;

    private final List<Module> modules;
    private final List<String> warnings;

    private LoadedSymbols(List<Module> modules, List<String> warnings) {
        this.modules = List.copyOf(modules);
        this.warnings = List.copyOf(warnings);
    }

    /** Opens whatever the source has for the images: by the hash of its file where the dump has one, else by build id. */
    public static LoadedSymbols open(List<LoadedImage> images, SymbolSource source) {
        var modules = new ArrayList<Module>();
        var warnings = new ArrayList<String>();
        for (var image : images) {
            modules.add(open(image, source, warnings));
        }
        return new LoadedSymbols(modules, warnings);
    }

    private static Module open(LoadedImage image, SymbolSource source, List<String> warnings) {
        var id = image.buildId();
        var hash = image.fileHash();
        if (hash != null) {
            switch (source.byFileHash(hash)) {
                case FileHashMatch.One(var symbols) -> {
                    return new Module(image.ofBuild(symbols.elf().buildId()), Optional.of(symbols));
                }
                case FileHashMatch.Ambiguous(int files) ->
                    warnings.add(
                            "The SHA-256 of %d debug files begins with %s, as the coredump says of its build: none is"
                                            .formatted(files, hash)
                                    + " taken");
                case FileHashMatch.None none -> {
                    if (id != null) {
                        warnings.add(
                                "No debug file has a SHA-256 that begins with %s, as the coredump says: build %s of the"
                                                .formatted(hash, id)
                                        + " upload is taken");
                    }
                }
            }
        }
        var symbols = id == null ? Optional.<ModuleSymbols>empty() : source.open(id);
        return new Module(symbols.map(found -> placed(image, found.elf())).orElse(image), symbols);
    }

    /** A dump that tells only where an image begins takes it to be linked at 0, which an executable of old is not. */
    private static LoadedImage placed(LoadedImage image, ElfFile elf) {
        var range = image.range();
        if (range == null || range.start() != image.bias()) {
            return image;
        }
        long lowest = elf.segments().stream()
                .filter(segment -> segment.type() == Segment.PT_LOAD)
                .mapToLong(Segment::address)
                .min()
                .orElse(0);
        return image.at(range.start() - (lowest & PAGE));
    }

    /** What was not certain about the symbols. */
    public List<String> warnings() {
        return warnings;
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
