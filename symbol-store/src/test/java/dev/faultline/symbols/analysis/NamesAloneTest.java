package dev.faultline.symbols.analysis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.logs.LogSources;
import dev.faultline.symbols.report.CrashReport;
import dev.faultline.symbols.report.FrameReport;
import dev.faultline.symbols.store.LocalSymbols;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Firmware whose debug information nobody kept: names of functions, and neither lines nor call frames. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NamesAloneTest {
    private LocalSymbols symbols;

    static List<Path> coredumps() {
        return Fixtures.coredumps();
    }

    @BeforeAll
    void withoutDebugInformation(@TempDir Path directory) throws IOException {
        var files = new ArrayList<Path>();
        for (var whole : Fixtures.files("elf", ".*\\.elf")) {
            var names = directory.resolve(whole.getFileName());
            Files.writeString(names, Files.readString(whole, ISO_8859_1).replace(".debug_", ".hidden"), ISO_8859_1);
            files.add(names);
        }
        symbols = LocalSymbols.of(files, Limits.DEFAULT);
    }

    @AfterAll
    void close() {
        symbols.close();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("coredumps")
    void noReturnAddressIsTakenTwiceInARow(Path coredump) {
        var dump = Fixtures.bytes(coredump);
        for (CrashReport report :
                CrashAnalysis.analyze(dump, symbols, ClaimedIdentity.NONE, LogSources.NONE, Limits.DEFAULT)) {
            for (var thread : report.threads()) {
                assertThat(thread.frames()).extracting(FrameReport::file).containsOnlyNulls();
                for (int i = 1; i < thread.frames().size(); i++) {
                    assertThat(thread.frames().get(i).pc())
                            .as("frame %d of %s", i, thread.frames())
                            .isNotEqualTo(thread.frames().get(i - 1).pc());
                }
            }
        }
    }
}
