package dev.faultline.symbols.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.symbols.report.CrashReport;
import dev.faultline.symbols.report.FrameReport;
import dev.faultline.symbols.report.VariableReport;
import dev.faultline.symbols.store.LocalSymbols;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The arguments and locals of the committed coredumps. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FixtureVariablesTest {
    private LocalSymbols symbols;

    @BeforeAll
    void open() {
        symbols = Fixtures.symbols();
    }

    @AfterAll
    void close() {
        symbols.close();
    }

    static List<Path> coredumps() {
        return Fixtures.coredumps();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("coredumps")
    void everyVariableHasANameATypeAndAValueOrSaysWhyNot(Path coredump) {
        var report = analyze(coredump);

        assertThat(report.threads().stream()
                        .flatMap(thread -> thread.frames().stream())
                        .flatMap(frame -> frame.arguments().stream()))
                .isNotEmpty()
                .allSatisfy(variable -> {
                    assertThat(variable.name()).isNotEmpty().isNotEqualTo("?");
                    assertThat(variable.type()).isNotEmpty().doesNotContain("?");
                    assertThat(variable.value()).isNotEmpty();
                });
    }

    @Test
    void theEntryOfTheListThatEndsItIsShown() {
        var report = analyze(Fixtures.coredump("minimal-m0-large-entry"));
        var frame = frame(report, "value_of");

        assertThat(frame.arguments()).singleElement().satisfies(entry -> {
            assertThat(entry.name()).isEqualTo("entry");
            assertThat(entry.type()).isEqualTo("const struct entry *");
        });
    }

    @Test
    void withoutOptimisationEveryArgumentOfTheCrashedFunctionIsKnown() {
        var report = analyze(Fixtures.coredump("main-fw-1.2.0-rev-a-O0-unknown-channel"));
        var frame = frame(report, "apply");

        assertThat(frame.arguments())
                .isNotEmpty()
                .extracting(VariableReport::state)
                .containsOnly("known");
    }

    private static FrameReport frame(CrashReport report, String function) {
        return report.threads().getFirst().frames().stream()
                .filter(frame -> function.equals(frame.function()))
                .findFirst()
                .orElseThrow();
    }

    private CrashReport analyze(Path coredump) {
        return CrashAnalysis.analyze(Fixtures.bytes(coredump), symbols, ClaimedIdentity.NONE)
                .getFirst();
    }
}
