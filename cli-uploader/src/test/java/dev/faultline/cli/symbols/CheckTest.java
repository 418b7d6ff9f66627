package dev.faultline.cli.symbols;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.faultline.cli.ExitCode;
import dev.faultline.cli.Fixtures;
import dev.faultline.cli.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckTest {
    private static final JsonMapper JSON = new JsonMapper();

    @Test
    void aGoodFileIsSaidToBeGoodOnOneScreen() {
        String file = Fixtures.symbols("code-at-flash-dwarf4.elf").toString();

        assertThat(Run.of("symbols", "check", "--strict", file))
                .isEqualTo(new Run(ExitCode.OK, """
                        %s: usable
                          build id   b026b1bc9025b8cc6edbcefbe33850a8a73da3ea
                          contents   arm, DWARF 4
                          functions  10, 1 without debug information; 3 inlined calls
                          coverage   source lines 96.6 %%, unwinding 96.6 %% of the code of functions; 304 bytes of code
                          compiler   GNU C++17 12.2.1 20221205 -mcpu=cortex-m3 -mthumb -mfloat-abi=soft -march=armv7-m\
                         -gdwarf-4 -O2 -fno-asynchronous-unwind-tables -ffreestanding -ffunction-sections -fdata-sections\
                         -fno-exceptions
                                     GNU C17 12.2.1 20221205 -mcpu=cortex-m3 -mthumb -mfloat-abi=soft -march=armv7-m\
                         -gdwarf-4 -O2 -fno-asynchronous-unwind-tables -ffreestanding -ffunction-sections -fdata-sections\
                         -fno-exceptions
                          advice     none: nothing is missing
                        """.formatted(file), ""));
    }

    @Test
    void aStrippedFileFailsAndTheSentenceSaysWhatToDo(@TempDir Path directory) throws IOException {
        Run run = Run.of(
                "symbols", "check", Fixtures.alone("separate.elf", directory).toString());

        assertThat(run.exitCode()).isEqualTo(ExitCode.SYMBOLS_MISSING);
        assertThat(run.out())
                .contains("separate.elf: no-debug-info", "  missing    The file is stripped: upload it before");
    }

    @Test
    void aFileWithoutDebugInformationFailsAndTheOptionIsNamed() {
        Run run =
                Run.of("symbols", "check", Fixtures.symbols("no-debug-info.elf").toString());

        assertThat(run.exitCode()).isEqualTo(ExitCode.SYMBOLS_MISSING);
        assertThat(run.out()).contains("  missing    Compile with -g");
    }

    @Test
    void aStrippedFileIsAsGoodAsTheDebugFileBesideIt() throws IOException {
        JsonNode checked = json(Fixtures.symbols("separate.elf"), ExitCode.OK);

        assertThat(checked.path("state").asText()).isEqualTo("usable");
        assertThat(checked.path("quality").path("lineCoverage").asDouble()).isEqualTo(1);
        assertThat(checked.path("quality").path("unwindCoverage").asDouble()).isEqualTo(1);
        assertThat(checked.path("companions").path(0).asText()).endsWith("/separate.debug");
    }

    @Test
    void adviceIsAFailureOnlyWhereThatIsWanted(@TempDir Path directory) throws IOException {
        Path image = Fixtures.alone("split-gcc-dwarf5.elf", directory);

        assertThat(json(image, ExitCode.OK).path("quality").path("advice").asText())
                .isEqualTo("Bring the package of split units (.dwp) or their .dwo files along, or compile without"
                        + " -gsplit-dwarf: 3 units are not here, and with them inlined calls.");
        assertThat(Run.of("symbols", "check", "--strict", image.toString()).exitCode())
                .isEqualTo(ExitCode.SYMBOLS_MISSING);
        for (String unit : new String[] {"names", "ring", "start-host"}) {
            Fixtures.alone("split-gcc-dwarf5-" + unit + ".dwo", directory);
        }
        assertThat(Run.of("symbols", "check", "--strict", image.toString()).exitCode())
                .isEqualTo(ExitCode.OK);
    }

    @Test
    void whatDwzSharesIsFoundOrMissed(@TempDir Path directory) throws IOException {
        Path image = Fixtures.alone("dwz-alternate.elf", directory);

        JsonNode without = json(image, ExitCode.OK);
        Fixtures.alone("dwz-alternate.common", directory);
        JsonNode with = json(image, ExitCode.OK);

        assertThat(without.path("quality").path("advice").asText()).contains("Bring dwz-alternate.common along");
        assertThat(without.path("quality").path("inlinedCalls").asInt()).isZero();
        assertThat(with.path("quality").path("advice").asText()).isEmpty();
        assertThat(with.path("quality").path("inlinedCalls").asInt()).isEqualTo(9);
    }

    @Test
    void aFileThatIsOnlyPartOfAnotherIsRefusedWithTheOneToName() {
        for (String part :
                new String[] {"packed-gcc-dwarf4.elf.dwp", "split-gcc-dwarf4-ring.dwo", "dwz-alternate.common"}) {
            Run run = Run.of("symbols", "check", Fixtures.symbols(part).toString());

            assertThat(run.exitCode()).as(part).isEqualTo(ExitCode.REFUSED);
            assertThat(run.err())
                    .startsWith("faultline: ")
                    .contains(part, "found by ")
                    .hasLineCount(1);
        }
        assertThat(Run.of(
                                "symbols",
                                "check",
                                Fixtures.symbols("dwz-dwarf4-alternate.common").toString())
                        .err())
                .contains("what dwz took out");
    }

    @Test
    void aBrokenFileIsNamedAndThoseBehindItAreStillChecked(@TempDir Path directory) throws IOException {
        Path broken = Files.writeString(directory.resolve("notes.txt"), "not an ELF file, far from it");

        Run run = Run.of(
                "symbols",
                "check",
                broken.toString(),
                Fixtures.symbols("no-debug-info.elf").toString(),
                Fixtures.symbols("x86-64-gcc.elf").toString());

        assertThat(run.exitCode()).isEqualTo(ExitCode.REFUSED);
        assertThat(run.err()).startsWith("faultline: ").contains("notes.txt").hasLineCount(1);
        assertThat(run.out()).contains("no-debug-info.elf: no-debug-info", "x86-64-gcc.elf: usable");
    }

    private static JsonNode json(Path file, int exitCode) throws IOException {
        Run run = Run.of("symbols", "check", "--json", file.toString());
        assertThat(run.exitCode()).as(run.err()).isEqualTo(exitCode);
        return JSON.readTree(run.out());
    }
}
