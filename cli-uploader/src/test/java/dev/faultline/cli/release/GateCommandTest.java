package dev.faultline.cli.release;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.cli.ExitCode;
import dev.faultline.cli.Run;
import dev.faultline.cli.server.AnsweringServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GateCommandTest {
    private AnsweringServer server;

    @BeforeEach
    void start() throws IOException {
        server = new AnsweringServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Run gate(String... arguments) {
        String[] all = new String[arguments.length + 7];
        all[0] = "gate";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        String[] rest = {"--software", "main-fw", "--candidate", "2.4.0", "--server", server.address()};
        System.arraycopy(rest, 0, all, arguments.length + 1, rest.length);
        return Run.of(all);
    }

    private static String run(String verdict, int exitCode, int needsSymbols) {
        return """
                {"id":7,"gate":"default","software":"main-fw","candidate":"2.4.0","baseline":"2.3.0","verdict":"%s","exitCode":%d,
                "needsSymbols":%d,"decision":{"reasons":[{"rule":"crash-rate","verdict":"%s","text":"2.0 times <b>|x"}]}}
                """.formatted(verdict, exitCode, needsSymbols, verdict);
    }

    @Test
    void theVerdictIsTheExitCode() {
        server.then(200, run("GO", 0, 0))
                .then(200, run("NO_GO", 10, 0))
                .then(200, run("PAUSE", 11, 0))
                .then(200, run("INSUFFICIENT", 12, 0))
                .then(200, run("GO", 0, 3))
                .then(200, run("NO_GO", 10, 3));
        assertThat(gate().exitCode()).isZero();
        assertThat(gate().exitCode()).isEqualTo(10);
        assertThat(gate().exitCode()).isEqualTo(11);
        assertThat(gate().exitCode()).isEqualTo(12);
        assertThat(gate().exitCode()).isEqualTo(ExitCode.SYMBOLS_MISSING);
        assertThat(gate("--advisory").exitCode()).isZero();
    }

    @Test
    void theReasonsArePrinted() {
        server.then(200, run("NO_GO", 10, 2));
        assertThat(gate("--baseline", "2.3.0")).isEqualTo(new Run(10, """
                        NO_GO: main-fw 2.4.0 against 2.3.0
                          NO_GO        crash-rate: 2.0 times <b>|x
                        2 crashes of it wait for symbols; `faultline symbols missing` names the files
                        Run 7 of gate default
                        """, ""));
        assertThat(server.asked().getLast().uri()).isEqualTo("/api/v1/projects/default/gates/default/evaluate");
        assertThat(server.asked().getLast().body())
                .isEqualTo("{\"software\":\"main-fw\",\"candidate\":\"2.4.0\",\"baseline\":\"2.3.0\"}");
    }

    @Test
    void aPipelineGetsItsFiles(@TempDir Path directory) throws IOException {
        server.then(200, run("PAUSE", 11, 0)).then(200, "<testsuite/>");
        Path junit = directory.resolve("gate.xml");
        Path markdown = directory.resolve("gate.md");
        assertThat(gate("--junit", junit.toString(), "--markdown", markdown.toString())
                        .exitCode())
                .isEqualTo(11);
        assertThat(junit).hasContent("<testsuite/>");
        assertThat(Files.readString(markdown))
                .startsWith("### PAUSE: main-fw 2.4.0")
                .contains("| crash-rate | PAUSE | 2.0 times \\<b\\>\\|x |");
    }

    @Test
    void whatCanNotBeAskedIsNoVerdict() {
        server.then(404, "{\"detail\":\"No release 2.4.0 of main-fw was registered or seen\"}");
        assertThat(gate().exitCode()).isEqualTo(ExitCode.REFUSED);
        assertThat(gate("--wait", "soon").exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(Run.of("gate", "--server", server.address()).exitCode()).isEqualTo(ExitCode.USAGE);
    }
}
