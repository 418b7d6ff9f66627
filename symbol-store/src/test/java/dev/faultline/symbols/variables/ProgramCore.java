package dev.faultline.symbols.variables;

import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.coredump.Coredump;
import dev.faultline.symbols.coredump.CoredumpFormat;
import dev.faultline.symbols.coredump.Memory;
import dev.faultline.symbols.store.LocalSymbols;
import dev.faultline.symbols.unwind.AddressSpace;
import dev.faultline.symbols.unwind.Frame;
import dev.faultline.symbols.unwind.LoadedSymbols;
import dev.faultline.symbols.unwind.Unwinder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A program of {@code firmware-fixtures/variables} with its core, opened; the crashed thread's stack. */
final class ProgramCore implements AutoCloseable {
    static final Path ROOT = Path.of("..", "firmware-fixtures", "variables");

    private final LocalSymbols symbols;
    private final LoadedSymbols loaded;
    private final List<Frame> stack;
    private final CrashVariables variables;

    private ProgramCore(Path elf, Coredump dump, ValueLimits limits) {
        this.symbols = LocalSymbols.of(List.of(elf), Limits.DEFAULT);
        // whatever was done to the file, it is the one that ran
        var build = symbols.builds().getFirst().summary().buildId();
        this.loaded = LoadedSymbols.open(
                dump.images().stream()
                        .filter(image -> image.name().endsWith(".elf"))
                        .map(image -> image.ofBuild(build))
                        .toList(),
                symbols);
        var space = new AddressSpace(dump.architecture(), dump.memory(), loaded);
        this.stack = new Unwinder(space, dump.fault(), Limits.DEFAULT)
                .unwind(dump.threads().getFirst())
                .frames();
        this.variables = new CrashVariables(space, Limits.DEFAULT, limits);
    }

    static ProgramCore open(String name) {
        return open(ROOT.resolve("elf/" + name + ".elf"), dump(name), ValueLimits.DEFAULT);
    }

    static ProgramCore open(Path elf, Coredump dump, ValueLimits limits) {
        return new ProgramCore(elf, dump, limits);
    }

    static Coredump dump(String name) {
        try {
            var bytes = MemorySegment.ofArray(Files.readAllBytes(ROOT.resolve("cores/" + name + ".core.gz")));
            return CoredumpFormat.read(bytes, Limits.DEFAULT).getFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same dump without the bytes from {@code from} to {@code to}. */
    static Coredump without(Coredump dump, long from, long to) {
        var regions = new ArrayList<Memory.Region>();
        for (var region : dump.memory().regions()) {
            if (region.end() <= from || region.address() >= to) {
                regions.add(region);
                continue;
            }
            if (region.address() < from) {
                regions.add(new Memory.Region(region.address(), region.bytes().asSlice(0, from - region.address())));
            }
            if (region.end() > to) {
                regions.add(new Memory.Region(to, region.bytes().asSlice(to - region.address())));
            }
        }
        return new Coredump(
                dump.format(),
                dump.identity(),
                dump.architecture(),
                Memory.of(dump.architecture().byteOrder(), regions),
                dump.threads(),
                dump.fault(),
                dump.images(),
                dump.text(),
                dump.warnings());
    }

    CrashVariables variables() {
        return variables;
    }

    List<Frame> stack() {
        return stack;
    }

    /** A global's text. */
    String global(String name) {
        return ValueText.of(variable(name).value());
    }

    Variable variable(String name) {
        var found = variables.globals(name);
        if (found.size() != 1) {
            throw new IllegalStateException("%d globals %s".formatted(found.size(), name));
        }
        return found.getFirst().variable();
    }

    /** An argument or local of a function on the stack, the innermost of that name. */
    Variable in(String function, String name) {
        for (int i = 0; i < stack.size(); i++) {
            var lines = lines(stack.get(i));
            var levels = variables.frame(stack, i);
            for (int j = 0; j < levels.size(); j++) {
                if (!lines.get(j).startsWith(function)) {
                    continue;
                }
                var level = levels.get(j);
                var all = new ArrayList<>(level.arguments());
                all.addAll(level.locals());
                Optional<Variable> found =
                        all.stream().filter(one -> one.name().equals(name)).findFirst();
                if (found.isPresent()) {
                    return found.get();
                }
            }
        }
        throw new IllegalStateException("no %s in %s".formatted(name, function));
    }

    private List<String> lines(Frame frame) {
        var module = loaded.at(frame.lookupPc()).orElseThrow();
        return module.index().orElseThrow().lookup(module.linked(frame.lookupPc())).stream()
                .map(line -> String.valueOf(line.function()))
                .toList();
    }

    @Override
    public void close() {
        loaded.close();
        symbols.close();
    }
}
