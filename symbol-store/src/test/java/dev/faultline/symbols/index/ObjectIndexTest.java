package dev.faultline.symbols.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.symbols.bytes.Limits;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Objects before linking (a kernel module is one) say the same of their code as when they are linked there. */
class ObjectIndexTest {
    private static final Path OBJECTS = Path.of("../firmware-fixtures/symbols/objects");

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "aarch64",
                "aarch64-clang",
                "arm",
                "arm-be",
                "arm-clang",
                "i386",
                "mips",
                "mips64el",
                "ppc",
                "ppc64",
                "riscv32",
                "riscv64",
                "x86-64",
                "xtensa"
            })
    void anObjectAnswersAsTheLinkedImage(String name) {
        try (var object = Fixtures.index(OBJECTS.resolve(name + ".o"), directory);
                var linked = Fixtures.index(OBJECTS.resolve(name + ".linked"), directory)) {
            int answered = 0;
            for (var range : linked.text()) {
                for (long address = range.start(); address < range.end(); address++) {
                    var frames = object.lookup(address);
                    assertThat(frames).as("0x%x", address).isEqualTo(linked.lookup(address));
                    assertThat(object.unwindRow(address)).as("0x%x", address).isEqualTo(linked.unwindRow(address));
                    answered += frames.isEmpty() ? 0 : 1;
                }
            }
            assertThat(answered).isGreaterThan(100);
            long take = object.function("take").orElseThrow().address();
            assertThat(object.lookup(take).getFirst().line()).isPositive();
        }
    }

    @Test
    void everySectionOfCodeHasAddressesOfItsOwn() {
        try (var index = Fixtures.index(OBJECTS.resolve("ppc.o"), directory)) {
            var take = index.function("take").orElseThrow();
            var start = index.function("start").orElseThrow();
            var stop = index.function("stop").orElseThrow();
            assertThat(index.lookup(take.address()).getLast().function()).isEqualTo("take");
            assertThat(index.lookup(start.address()).getLast().function()).isEqualTo("start");
            assertThat(index.lookup(stop.address()).getLast().function()).isEqualTo("stop");
        }
    }

    @Test
    void theSummaryOfAPackedObjectIsThatOfThePlainOne() {
        Path file = directory.resolve("index");
        var packed = SymbolIndex.build(OBJECTS.resolve("ppc-zstd.o"), file, Limits.DEFAULT);
        var plain = SymbolIndex.build(OBJECTS.resolve("ppc.o"), file, Limits.DEFAULT);

        assertThat(packed.state()).isEqualTo(IndexSummary.State.USABLE);
        assertThat(packed.lineRuns()).isEqualTo(plain.lineRuns());
        assertThat(packed.diagnostics()).isEmpty();
    }
}
