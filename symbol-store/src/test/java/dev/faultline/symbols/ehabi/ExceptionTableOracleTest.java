package dev.faultline.symbols.ehabi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.dwarf.CallFrameInformation;
import dev.faultline.symbols.dwarf.CallFrameSection;
import dev.faultline.symbols.dwarf.RowText;
import dev.faultline.symbols.dwarf.UnwindRowSink;
import dev.faultline.symbols.dwarf.UnwindRules;
import dev.faultline.symbols.elf.ElfFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Exception tables against what other tools print of them, and against call frame information of the same functions. */
class ExceptionTableOracleTest {
    private static final Path SYMBOLS = Path.of("../firmware-fixtures/symbols");

    @ParameterizedTest
    @ValueSource(strings = {"exceptions-m7-os", "exceptions-m7-o0", "exceptions-m7-o2", "exceptions-clang"})
    void everyEntryIsTheOneThatTheToolsPrint(String name) throws IOException {
        var ours = ExceptionTableDifference.ours(elf(name));
        var readelf = PrintedTables.readelf(Files.readAllLines(expected(name + ".exidx")));
        var llvm = PrintedTables.llvm(Files.readAllLines(expected(name + ".exidx-llvm")));

        var wanted = new TreeMap<Long, String>();
        var found = new TreeMap<Long, String>();
        readelf.forEach((address, text) -> {
            String row = PrintedTables.agreed(text, llvm.get(address));
            if (row != null) {
                wanted.put(address, row);
                found.put(address, ours.rows().getOrDefault(address, "spare"));
            }
        });
        assertThat(found).hasSizeGreaterThan(30).isEqualTo(wanted);
        assertThat(ours.diagnostics()).singleElement().asString().endsWith("spare unwind instruction b7");
    }

    /** At a call the two tables say the same, so each function's row is one of its rows of call frame information. */
    @ParameterizedTest
    @ValueSource(strings = {"exceptions-m7-os", "exceptions-m7-o0", "exceptions-m7-o2", "exceptions-clang"})
    void everyEntryIsARowOfTheFunctionsCallFrameInformation(String name) {
        var exceptions = ExceptionTableDifference.ours(elf(name)).rows();
        int held = 0;
        for (var function : callFrames(elf(name)).entrySet()) {
            String row = exceptions.get(function.getKey());
            if (row != null && !row.endsWith("r14=u")) {
                assertThat(function.getValue()).as("0x%x", function.getKey()).contains(core(row));
                held++;
            }
        }
        assertThat(held).isGreaterThan(8);
    }

    /** Without floating-point registers: one table counts them as halves, the other as wholes. */
    private static String core(String row) {
        return row.replaceAll(" r(?:6[4-9]|[78]\\d|9[0-5]|2[5-9]\\d)=\\S+", "");
    }

    private static Map<Long, Set<String>> callFrames(Path file) {
        var functions = new HashMap<Long, Set<String>>();
        var rules = new UnwindRules();
        try (var elf = ElfFile.open(file, Limits.DEFAULT)) {
            var section = elf.bytes(elf.section(".debug_frame").orElseThrow());
            CallFrameInformation.read(
                    CallFrameSection.debugFrame(section, elf.header().machine(), 4),
                    Limits.DEFAULT,
                    rules,
                    new UnwindRowSink() {
                        private Set<String> rows = new HashSet<>();

                        @Override
                        public void entry(long start, long end) {
                            rows = functions.computeIfAbsent(start, address -> new HashSet<>());
                        }

                        @Override
                        public void row(long start, long end, int rule) {
                            rows.add(core(RowText.of(rules.row(rule))));
                        }
                    },
                    text -> assertThat(text).isEmpty());
        }
        return functions;
    }

    private static Path elf(String name) {
        return SYMBOLS.resolve("elf").resolve(name + ".elf");
    }

    private static Path expected(String name) {
        return SYMBOLS.resolve("expected").resolve(name);
    }
}
