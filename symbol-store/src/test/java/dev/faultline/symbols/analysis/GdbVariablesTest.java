package dev.faultline.symbols.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.coredump.Coredump;
import dev.faultline.symbols.coredump.CoredumpFormat;
import dev.faultline.symbols.coredump.LoadedImage;
import dev.faultline.symbols.elf.BuildId;
import dev.faultline.symbols.store.LocalSymbols;
import dev.faultline.symbols.unwind.AddressSpace;
import dev.faultline.symbols.unwind.LoadedSymbols;
import dev.faultline.symbols.unwind.Stack;
import dev.faultline.symbols.unwind.Unwinder;
import dev.faultline.symbols.variables.CrashVariables;
import dev.faultline.symbols.variables.GlobalVariable;
import dev.faultline.symbols.variables.LevelVariables;
import dev.faultline.symbols.variables.ValueLimits;
import dev.faultline.symbols.variables.Variable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every variable of every committed coredump, and of programs with a variable of each type, against what gdb printed ({@code firmware-fixtures/variables}). Where we differ,
 * {@code differences.tsv} says who is right.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GdbVariablesTest {
    private static final Path ANSWERS = Fixtures.ROOT.resolve("variables");

    /** As gdb was asked, and for no pointer to be followed but to a string. */
    private static final ValueLimits LIMITS = new ValueLimits(
            20, GdbText.ELEMENTS, GdbText.ELEMENTS, 1, 4096, 1 << 16, 256, 1000, 1L << 30, 10_000, 1 << 16);

    private LocalSymbols symbols;

    @BeforeAll
    void open() {
        var debugFiles = new ArrayList<>(Fixtures.files("elf", ".*\\.elf"));
        debugFiles.addAll(Fixtures.files("variables/elf", ".*\\.elf"));
        debugFiles.addAll(Fixtures.files("riscv/elf", ".*\\.elf"));
        symbols = LocalSymbols.of(debugFiles, Limits.DEFAULT);
    }

    @AfterAll
    void close() {
        symbols.close();
    }

    static List<Path> coredumps() {
        var coredumps = new ArrayList<>(Fixtures.coredumps());
        coredumps.addAll(Fixtures.files("riscv/coredumps", ".*\\.core"));
        coredumps.addAll(Fixtures.files("variables/cores", "(types|classes|floats)-.*\\.core\\.gz"));
        return coredumps;
    }

    /** A row of gdb's answer. */
    private record Row(String thread, String index, String pc, String function, String role, Shown variable) {}

    private record Shown(String name, String type, String value) {}

    @ParameterizedTest(name = "{0}")
    @MethodSource("coredumps")
    void everyVariableIsGdbs(Path coredump) {
        var name = Fixtures.name(coredump);
        var rows = rows(ANSWERS.resolve("expected/" + name + ".tsv"));
        var dump = CoredumpFormat.read(Fixtures.bytes(coredump), Limits.DEFAULT).getFirst();
        var images = AgreedIdentity.of(dump.identity(), dump.images(), ClaimedIdentity.NONE)
                .images(dump.images());
        if (images.isEmpty()) { // gdb puts only sections into a core of a program in QEMU, and not where they are from
            images = List.of(new LoadedImage(name, build(name + ".elf"), 0));
        }
        try (var loaded = LoadedSymbols.open(images, symbols)) {
            var space = new AddressSpace(dump.architecture(), dump.memory(), loaded);
            var comparison = new Comparison(name, dump, space);
            comparison.compare(rows);

            assertThat(rows).isNotEmpty();
            assertThat(comparison.differences.stream().distinct()).containsExactlyInAnyOrderElementsOf(known(name));
        }
    }

    private BuildId build(String program) {
        return symbols.builds().stream()
                .filter(build -> build.name().equals(program))
                .findFirst()
                .orElseThrow()
                .summary()
                .buildId();
    }

    /** The differences that are argued, as they would be found. */
    private static List<String> known(String coredump) {
        return lines(ANSWERS.resolve("differences.tsv")).stream()
                .skip(1)
                .filter(line -> line.startsWith(coredump + "\t"))
                .map(line -> line.substring(line.indexOf('\t') + 1, line.lastIndexOf('\t')))
                .toList();
    }

    private static List<Row> rows(Path table) {
        return lines(table).stream()
                .skip(1)
                .map(line -> line.split("\t", -1))
                .map(row -> new Row(row[0], row[1], row[2], row[3], row[4], new Shown(row[5], row[6], row[7])))
                .toList();
    }

    private static List<String> lines(Path table) {
        try {
            return Files.readAllLines(table);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One level of one frame of ours. */
    private record Level(String pc, String function, LevelVariables variables) {}

    private static final class Comparison {
        private final String coredump;
        private final Coredump dump;
        private final AddressSpace space;
        private final CrashVariables variables;
        private final List<String> differences = new ArrayList<>();

        Comparison(String coredump, Coredump dump, AddressSpace space) {
            this.coredump = coredump;
            this.dump = dump;
            this.space = space;
            this.variables = new CrashVariables(space, Limits.DEFAULT, LIMITS);
        }

        void compare(List<Row> rows) {
            var byThread = new LinkedHashMap<String, Map<String, List<Row>>>();
            for (var row : rows) {
                if (row.role().equals("global")) {
                    global(row);
                } else {
                    byThread.computeIfAbsent(row.thread(), any -> new LinkedHashMap<>())
                            .computeIfAbsent(row.index(), any -> new ArrayList<>())
                            .add(row);
                }
            }
            byThread.forEach((thread, frames) -> thread(thread, List.copyOf(frames.values())));
        }

        private void thread(String id, List<List<Row>> frames) {
            var levels = levels(id);
            int at = 0;
            for (var frame : frames) {
                var first = frame.getFirst();
                int found = at;
                while (found < levels.size() && !isSame(levels.get(found), first)) {
                    found++;
                }
                if (found == levels.size()) {
                    differences.add("%s\t%s\t%s\tno such frame".formatted(id, first.pc(), first.function()));
                    continue;
                }
                at = found + 1;
                var level = levels.get(found).variables();
                frame(first, "argument", frame, level.arguments());
                frame(first, "local", frame, level.locals());
                types(first, frame, level.arguments());
                types(first, frame, level.locals());
            }
        }

        private static boolean isSame(Level level, Row row) {
            return Long.parseUnsignedLong(level.pc().substring(2), 16)
                            == Long.parseUnsignedLong(row.pc().substring(2), 16)
                    && (level.function().equals(row.function())
                            || level.function().startsWith(row.function() + "("));
        }

        private List<Level> levels(String id) {
            var thread = dump.threads().stream()
                    .filter(one -> String.valueOf(one.id()).equals(id))
                    .findFirst()
                    .orElseThrow();
            Stack stack = new Unwinder(space, dump.fault(), Limits.DEFAULT).unwind(thread);
            var levels = new ArrayList<Level>();
            for (int i = 0; i < stack.frames().size(); i++) {
                var lines = Symbolication.of(stack.frames().get(i), space.symbols(), dump.architecture());
                var found = variables.frame(stack.frames(), i);
                for (int j = 0; j < lines.size(); j++) {
                    var line = lines.get(j);
                    var function = line.function();
                    levels.add(new Level(
                            line.pc(),
                            function == null ? "" : function,
                            found.size() == lines.size() ? found.get(j) : LevelVariables.NONE));
                }
            }
            return levels;
        }

        private void frame(Row place, String role, List<Row> frame, List<Variable> ours) {
            var theirs = new HashMap<String, List<String>>();
            for (var row : frame) {
                if (row.role().equals(role)) {
                    theirs.computeIfAbsent(row.variable().name(), any -> new ArrayList<>())
                            .add(GdbText.normalised(row.variable().value()));
                }
            }
            var mine = new HashMap<String, List<String>>();
            for (var variable : ours) {
                mine.computeIfAbsent(variable.name(), any -> new ArrayList<>()).add(GdbText.of(variable.value()));
            }
            var names = new ArrayList<>(theirs.keySet());
            mine.keySet().stream().filter(one -> !theirs.containsKey(one)).forEach(names::add);
            for (var one : names) {
                var own = mine.getOrDefault(one, List.of()).stream().sorted().toList();
                var gdbs = withoutSecond(
                        theirs.getOrDefault(one, List.of()).stream().sorted().toList(), own.size());
                if (!gdbs.equals(own)) {
                    differences.add("%s\t%s\t%s\t%s\t%s\t%s\t%s"
                            .formatted(place.thread(), place.pc(), place.function(), role, one, text(gdbs), text(own)));
                }
            }
        }

        /**
         * A variable of an inlined function, whose instance GCC put into a block of its own, gdb lists once more as that of
         * the source: optimised out.
         */
        private static List<String> withoutSecond(List<String> gdbs, int ours) {
            var left = new ArrayList<>(gdbs);
            while (ours > 0 && left.size() > ours && left.remove("<optimized out>")) {}
            return left;
        }

        private void global(Row row) {
            var wanted = row.variable();
            var ours = variables.globals(wanted.name()).stream()
                    .filter(one -> one.file().equals(row.function()))
                    .map(GlobalVariable::variable)
                    .toList();
            types(
                    row,
                    List.of(new Row(
                            "",
                            "",
                            "",
                            "",
                            "",
                            new Shown(ours.isEmpty() ? "" : ours.getFirst().name(), wanted.type(), ""))),
                    ours);
            var found = ours.stream().map(one -> GdbText.of(one.value())).toList();
            var gdbs = List.of(GdbText.normalised(wanted.value()));
            if (!found.equals(gdbs)) {
                differences.add("%s\t%s\t%s\tglobal\t%s\t%s\t%s"
                        .formatted(row.thread(), row.pc(), row.function(), wanted.name(), text(gdbs), text(found)));
            }
        }

        /** A variable is of one type, however often gdb lists it. */
        private void types(Row place, List<Row> frame, List<Variable> ours) {
            for (var row : frame) {
                var gdbs = GdbText.type(row.variable().type());
                ours.stream()
                        .filter(one -> one.name().equals(row.variable().name()))
                        .map(one -> GdbText.type(one.type()))
                        .filter(type -> !type.equals(gdbs))
                        .findFirst()
                        .ifPresent(type -> differences.add("%s\t%s\t%s\ttype\t%s\t%s\t%s"
                                .formatted(
                                        place.thread(),
                                        place.pc(),
                                        place.function(),
                                        row.variable().name(),
                                        gdbs,
                                        type)));
            }
        }

        private static String text(List<String> values) {
            return String.join(" and ", values);
        }

        @Override
        public String toString() {
            return coredump;
        }
    }
}
