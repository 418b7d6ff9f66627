package dev.faultline.symbols.dwarf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.elf.ElfFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files as compilers and linkers write them. */
class DebugInfoTest {
    private static final Path FIRMWARE = Path.of("../firmware-fixtures/elf");
    private static final Path SYMBOLS = Path.of("../firmware-fixtures/symbols/elf");

    @ParameterizedTest
    @CsvSource({"main-fw-1.2.0-rev-a.elf, 5", "main-fw-1.2.0-rev-b-O3.elf, 5", "main-fw-1.2.0-rev-b-dwarf4.elf, 4"})
    void aReleaseIsReadWithoutComplaint(String file, int version) {
        var read = read(FIRMWARE.resolve(file));

        assertThat(read.diagnostics).isEmpty();
        assertThat(read.units).anyMatch(unit -> unit.contains("version " + version));
        assertThat(read.nodes)
                .anyMatch(node -> node.startsWith("queue_receive "))
                .anyMatch(node -> node.startsWith("sensor_task "))
                .anyMatch(node -> node.startsWith("run_task "));
    }

    @Test
    void anInlinedCallKnowsWhereItWasCalled() {
        var calls = read(FIRMWARE.resolve("main-fw-1.2.0-rev-b-O3.elf")).nodes.stream()
                .filter(node -> node.startsWith("."))
                .toList();

        assertThat(calls)
                .isNotEmpty()
                .allMatch(call -> call.matches("(\\. )+\\w+( \\S+-\\S+)+ at [^?].*:[1-9]\\d*:\\d+"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x86-64-gcc-dwarf3",
                "x86-64-gcc-dwarf4",
                "x86-64-gcc",
                "x86-64-gcc-64bit",
                "x86-64-clang-64bit",
                "x86-64-gcc-types4",
                "x86-64-gcc-types5",
                "x86-64-gcc-zlib",
                "x86-64-gcc-zstd",
                "x86-64-gcc-zdebug",
                "aarch64-clang",
                "ppc32be-gcc",
                "ppc32be-clang",
                "mips32be-gcc",
                "i386-gcc",
                "riscv32-gcc",
                "riscv64-gcc",
                "lto-gcc-dwarf4",
                "lto-gcc-dwarf5",
                "lto-clang",
                "mixed-versions"
            })
    void everyMachineVersionAndPackingIsRead(String name) {
        var read = read(SYMBOLS.resolve(name + ".elf"));

        assertThat(read.diagnostics).isEmpty();
        assertThat(read.nodes)
                .anyMatch(node -> node.contains("program "))
                .anyMatch(node -> node.matches("(\\. )+(push|append) .* at \\S*sources/\\S+:[1-9]\\d*:\\d+"))
                .noneMatch(node -> node.contains("?"));
        assertThat(read.sequences).isNotEmpty().noneMatch(rows -> rows.contains("?"));
    }

    @Test
    void strictVersion2SaysNothingOfWhereACallIs() {
        var read = read(SYMBOLS.resolve("x86-64-gcc-dwarf2.elf"));

        assertThat(read.diagnostics).isEmpty();
        assertThat(read.nodes).contains("feed 401070-4010c5", ". push 40107a-401084 at ?:0:0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rust-v0", "rust-legacy", "rust-debug"})
    void rustHasItsLinkageNamesThroughAllLevels(String name) {
        var read = read(SYMBOLS.resolve(name + ".elf"));

        assertThat(read.diagnostics).isEmpty();
        assertThat(read.nodes).anyMatch(node -> node.startsWith(". ") && node.contains(" = "));
        assertThat(read.nodes).noneMatch(node -> node.contains("?"));
    }

    @Test
    void aFileWithoutDebuggingInformationHasNoUnits() {
        var read = read(SYMBOLS.resolve("no-debug-info.elf"));

        assertThat(read.units).isEmpty();
        assertThat(read.diagnostics).isEmpty();
    }

    @Test
    void manyThreadsReadTheSameAsOne() throws Exception {
        Path file = SYMBOLS.resolve("rust-debug.elf");
        var expected = read(file).nodes;
        Collections.sort(expected);
        try (var elf = ElfFile.open(file, Limits.DEFAULT);
                var threads = Executors.newFixedThreadPool(4)) {
            var diagnostics = Collections.synchronizedList(new ArrayList<String>());
            var debugInfo = DebugInfo.open(elf, Companions.NONE, Limits.DEFAULT, diagnostics::add);
            var tasks = new ArrayList<Callable<List<String>>>();
            for (int i = 0; i < 4; i++) {
                int share = i;
                tasks.add(() -> {
                    var reader = debugInfo.reader();
                    var code = new UnitCode();
                    var read = new ReadUnits();
                    for (int unit = share; unit < debugInfo.units().size(); unit += 4) {
                        reader.read(debugInfo.units().get(unit), code);
                        read.add(code, debugInfo.texts());
                    }
                    return read.nodes;
                });
            }
            var found = new ArrayList<String>();
            for (var part : threads.invokeAll(tasks)) {
                found.addAll(part.get());
            }
            Collections.sort(found);

            assertThat(diagnostics).isEmpty();
            assertThat(found).isEqualTo(expected);
        }
    }

    private static ReadUnits read(Path file) {
        try (var elf = ElfFile.open(file, Limits.DEFAULT)) {
            return ReadUnits.of(elf, Companions.NONE, Limits.DEFAULT);
        }
    }
}
