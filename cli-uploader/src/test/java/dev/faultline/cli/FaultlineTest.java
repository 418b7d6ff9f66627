package dev.faultline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FaultlineTest {

    @Test
    void helpListsTheCommandsAndTheExitCodes() {
        Run help = Run.of("--help");

        assertThat(help.exitCode()).isZero();
        assertThat(help.out())
                .contains(
                        "serve ",
                        "symbols ",
                        "crash ",
                        "clusters ",
                        "regroup ",
                        "symbolicate ",
                        "inspect ",
                        "releases ",
                        "software ",
                        "compare ",
                        "findings ",
                        "tokens ",
                        "users ")
                .contains("  13  done, but debug files are missing")
                .doesNotContain("demo ");
    }

    @ParameterizedTest
    @CsvSource({
        "crash, list",
        "crash, upload",
        "symbols, upload",
        "releases, register",
        "releases, delete",
        "releases, contains"
    })
    void aCommandWithTheVersionOfAReleaseHasHelpToo(String group, String command) {
        Run help = Run.of(group, command, "--help");

        assertThat(help.exitCode()).isZero();
        assertThat(help.out()).contains("--version=VERSION", "--help");
    }

    @Test
    void aCommandNobodyKnowsIsAUsageError() {
        Run run = Run.of("symbolise");

        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("symbolise");
    }

    @Test
    void withoutAServiceTheSentenceSaysHowToStartOne() {
        // port 9 (discard) of this machine: nobody listens there
        Run run = Run.of("symbols", "list", "--server", "http://127.0.0.1:9");

        assertThat(run.exitCode()).isEqualTo(ExitCode.SERVER);
        assertThat(run.err())
                .isEqualTo("faultline: no service answers at http://127.0.0.1:9: start one with `faultline serve`,"
                        + " or name yours with --server\n");
    }

    @Test
    void anAddressThatIsNoneIsAUsageError() {
        Run run = Run.of("crash", "list", "--server", "localhost:8080");

        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).startsWith("faultline: --server wants an address such as https://");
    }

    @Test
    void aFileThatIsNotThereIsNamed(@TempDir Path directory) {
        Path absent = directory.resolve("absent.core");

        assertThat(Run.of("inspect", absent.toString()))
                .isEqualTo(new Run(ExitCode.REFUSED, "", "faultline: " + absent + ": no such file\n"));
        assertThat(Run.of("crash", "upload", absent.toString()))
                .isEqualTo(new Run(ExitCode.REFUSED, "", "faultline: " + absent + ": no such file\n"));
    }

    @Test
    void serveOutsideOfTheLauncherSaysWhatToRun() {
        Run run = Run.of("serve", "--port", "8081");

        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("./faultline");
    }

    @Test
    void textOfOthersCanNotSteerTheTerminal() {
        assertThat(Text.onOneLine("a\033[2Jb\nc\u0007")).isEqualTo("a\uFFFD[2Jb c\uFFFD");
        assertThat(Text.lines("a\nb\033]0;title\u0007")).isEqualTo("a\nb\uFFFD]0;title\uFFFD");
    }
}
