package dev.faultline.symbols.unwind;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.coredump.LoadedImage;
import dev.faultline.symbols.coredump.Memory;
import dev.faultline.symbols.elf.ElfFile;
import dev.faultline.symbols.elf.Segment;
import dev.faultline.symbols.index.DataSymbol;
import dev.faultline.symbols.index.SymbolIndex;
import dev.faultline.symbols.store.DumpedImage;
import dev.faultline.symbols.store.FileHashMatch;
import dev.faultline.symbols.store.ModuleSymbols;
import dev.faultline.symbols.store.SymbolSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

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

        public Optional<ElfFile> elf() {
            return symbols.map(ModuleSymbols::elf);
        }

        /** A global by its name, where it lies in memory. */
        public Optional<DataSymbol> data(String name) {
            return index().flatMap(index -> index.data(name)).map(this::loaded);
        }

        /** The global that holds an address in memory. */
        public Optional<DataSymbol> data(long address) {
            return index().flatMap(index -> index.data(linked(address))).map(this::loaded);
        }

        private DataSymbol loaded(DataSymbol linked) {
            return new DataSymbol(linked.name(), linked.address() + image.bias(), linked.size());
        }

        private boolean holds(long address) {
            var range = image.range();
            return range != null && range.contains(address);
        }
    }

    /** Code with symbols in memory, {@code end} exclusive. */
    private record Code(long start, long end, Module module) {}

    /** Whatever the page of the machine, the first segment of an image begins one of these. */
    private static final long PAGE = -4096;

    /** The largest vdso has some four pages. */
    private static final long MOST_VDSO_BYTES = 64 << 10;

    private final List<Module> modules;
    private final List<String> warnings;

    /** By their starts; asked for many times a frame, so an array and no map of boxed addresses. */
    private final Code[] code;

    private LoadedSymbols(List<Module> modules, List<String> warnings) {
        this.modules = List.copyOf(modules);
        this.warnings = List.copyOf(warnings);
        this.code = code(this.modules);
    }

    /** Where two modules claim to begin at the same address, the first one is taken. */
    private static Code[] code(List<Module> modules) {
        var byStart = new TreeMap<Long, Code>(Long::compareUnsigned);
        for (var module : modules) {
            for (var range : module.index().map(SymbolIndex::text).orElse(List.of())) {
                long start = range.start() + module.image().bias();
                long end = range.end() + module.image().bias();
                byStart.putIfAbsent(start, new Code(start, end, module));
            }
        }
        return byStart.values().toArray(new Code[0]);
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

    /** The same, with the vdso out of the dump where nobody uploaded it: the kernel dumps its whole file with every process. */
    public LoadedSymbols withVdso(Memory memory, Limits limits) {
        var with = new ArrayList<Module>();
        var said = new ArrayList<>(warnings);
        for (var module : modules) {
            boolean isWanted = module.image().isVdso() && module.symbols().isEmpty();
            with.add(isWanted ? new Module(module.image(), dumped(module.image(), memory, limits, said)) : module);
        }
        return new LoadedSymbols(with, said);
    }

    /** Whether an address is in the code that the Linux kernel maps into a process. */
    boolean isInVdso(long address) {
        return around(address).filter(module -> module.image().isVdso()).isPresent();
    }

    private static Optional<ModuleSymbols> dumped(
            LoadedImage image, Memory memory, Limits limits, List<String> warnings) {
        var range = image.range();
        if (range == null) {
            return Optional.empty();
        }
        long size = Math.min(memory.capturedUntil(range.start()) - range.start(), MOST_VDSO_BYTES);
        var file = memory.bytes(range.start(), (int) size);
        if (size < range.end() - range.start() || file.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(DumpedImage.symbols(image.name(), ByteReader.of(image.name(), file.get()), limits));
        } catch (FormatException e) {
            warnings.add("The image of %s in memory is damaged: %s".formatted(image.name(), e.getMessage()));
            return Optional.empty();
        }
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
        int low = 0;
        int high = code.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (Long.compareUnsigned(code[middle].start(), address) <= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low > 0 && Long.compareUnsigned(address, code[low - 1].end()) < 0
                ? Optional.of(code[low - 1].module())
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
        return code.length > 0;
    }

    @Override
    public void close() {
        for (var module : modules) {
            module.symbols().ifPresent(ModuleSymbols::close);
        }
    }
}
