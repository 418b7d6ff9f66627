package dev.faultline.symbols.dwarf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.elf.ElfFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DebugInfoTest {
    private static final Path ELF = Path.of("../firmware-fixtures/elf");

    private static final class Collected implements DebugInfo.Visitor {
        final TreeSet<Integer> versions = new TreeSet<>();
        final List<Function> functions = new ArrayList<>();
        final List<LineSequence> sequences = new ArrayList<>();
        final List<String> diagnostics = new ArrayList<>();

        @Override
        public void unit(int version, String name) {
            versions.add(version);
        }

        @Override
        public void function(Function function) {
            functions.add(function);
        }

        @Override
        public void lines(LineSequence sequence) {
            sequences.add(sequence);
        }

        @Override
        public void diagnostic(String text) {
            diagnostics.add(text);
        }
    }

    @ParameterizedTest
    @CsvSource({"main-fw-1.2.0-rev-a.elf, 5", "main-fw-1.2.0-rev-b-O3.elf, 5", "main-fw-1.2.0-rev-b-dwarf4.elf, 4"})
    void aReleaseIsReadWithoutComplaint(String file, int version) {
        var found = read(file);

        assertThat(found.diagnostics).isEmpty();
        assertThat(found.versions).contains(version);
        assertThat(found.functions).extracting(Function::name).contains("queue_receive", "sensor_task", "run_task");
        assertThat(found.functions)
                .allSatisfy(function -> assertThat(function.ranges()).isNotEmpty());
    }

    @Test
    void anInlinedCallKnowsWhereItWasCalled() {
        var calls = read("main-fw-1.2.0-rev-b-O3.elf").functions.stream()
                .flatMap(function -> function.inlinedCalls().stream())
                .toList();

        assertThat(calls).isNotEmpty().allSatisfy(call -> {
            assertThat(call.name()).isNotEmpty();
            assertThat(call.callFile()).isNotNull();
            assertThat(call.callLine()).isPositive();
        });
    }

    private static Collected read(String file) {
        var collected = new Collected();
        try (var elf = ElfFile.open(ELF.resolve(file), Limits.DEFAULT)) {
            DebugInfo.read(elf, Limits.DEFAULT, collected);
        }
        return collected;
    }
}
