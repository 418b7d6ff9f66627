package dev.faultline.cli.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.faultline.cli.ExitCode;
import dev.faultline.cli.Fixtures;
import dev.faultline.cli.ReportJson;
import dev.faultline.cli.Run;
import dev.faultline.symbols.report.TextReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InspectTest {
    private static final JsonMapper JSON = new JsonMapper();

    @ParameterizedTest
    @CsvSource({
        "main-fw-1.0.0-rev-a, unknown-channel",
        "main-fw-1.1.0-rev-b, unknown-channel",
        "main-fw-1.2.0-rev-a-O0, unknown-channel"
    })
    void theCrashedThreadIsTheOneThatGdbPrinted(String build, String crash) throws IOException {
        String name = build + "-" + crash;

        Run run = Run.of(
                "inspect", core(name), "--json", "--elf", Fixtures.elf(build).toString());

        assertThat(run.exitCode()).isZero();
        assertThat(Fixtures.crashedFrames(JSON.readTree(run.out()))).isEqualTo(Fixtures.framesOfGdb(name));
    }

    @Test
    void theTextSaysTheSameAsTheJson() throws IOException {
        String core = core("main-fw-1.0.0-rev-a-unknown-channel");
        String elf = Fixtures.elf("main-fw-1.0.0-rev-a").toString();

        JsonNode json =
                JSON.readTree(Run.of("inspect", core, "--json", "--elf", elf).out());
        // the option may come first, and then takes the coredump as well
        Run text = Run.of("inspect", "--elf", elf, core);

        assertThat(text.exitCode()).isZero();
        assertThat(text.out())
                .isEqualTo(TextReport.of(ReportJson.report(json)))
                .contains(json.path("fault").path("sentence").asText())
                .doesNotContain("\033");
    }

    @Test
    void theLogBesideACoredumpAndANamedBufferAreOneLog(@TempDir Path directory) throws IOException {
        Path log = Files.writeString(directory.resolve("console.log"), "boot\nlast words of the firmware\nreset\n");
        Path logs = Path.of("../firmware-fixtures/logs");

        Run run = Run.of(
                "inspect",
                logs.resolve("coredumps/chunk-m3.core").toString(),
                "--log",
                log.toString(),
                "--log-buffer",
                "console:console_head:console_size",
                "--elf",
                logs.resolve("elf/chunk-m3.elf").toString());

        assertThat(run.exitCode()).isZero();
        assertThat(run.out().lines().map(String::strip))
                .anyMatch(line -> line.matches("upload +boot"))
                .anyMatch(line -> line.matches("upload +reset"))
                .anyMatch(line -> line.matches(
                        "upload, s_memfault_ram_logger, console +E  chunk.c:\\d+: last words of the firmware"));
    }

    @Test
    void aLogBufferWithoutANameIsRefused() {
        Run run = Run.of("inspect", core("main-fw-1.0.0-rev-a-unknown-channel"), "--log-buffer", ":head");

        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("wanted the name of a variable of at most 200 characters");
    }

    @Test
    void withoutTheDebugFileTheReportNamesItAndEndsWith13() {
        Run run = Run.of("inspect", core("main-fw-1.0.0-rev-a-unknown-channel"));

        assertThat(run.exitCode()).isEqualTo(ExitCode.SYMBOLS_MISSING);
        assertThat(run.out()).contains("faultline symbols upload");
    }

    @Test
    void theDebugFileOfAnotherBuildIsNotUsed() {
        Run run = Run.of(
                "inspect",
                core("main-fw-1.0.0-rev-a-unknown-channel"),
                "--elf",
                Fixtures.elf("main-fw-1.1.0-rev-a").toString());

        assertThat(run.exitCode()).isEqualTo(ExitCode.SYMBOLS_MISSING);
        assertThat(run.out()).doesNotContain("filter_batch");
    }

    @Test
    void aFileThatIsNoCoredumpIsRefusedInOneSentence(@TempDir Path directory) throws IOException {
        Path text = Files.writeString(directory.resolve("notes.txt"), "not a coredump at all");

        Run run = Run.of("inspect", text.toString());

        assertThat(run.exitCode()).isEqualTo(ExitCode.REFUSED);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("faultline: ").hasLineCount(1);
    }

    private static String core(String name) {
        return Fixtures.core(name).toString();
    }
}
