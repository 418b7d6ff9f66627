package dev.faultline.cli.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.cli.ExitCode;
import dev.faultline.cli.Run;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SearchOptionTest {
    private AnsweringServer server;

    @BeforeEach
    void start() throws IOException {
        server = new AnsweringServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aSearchIsTheServicesMatter() {
        server.then(200, """
                {"items":[{"id":"C-7","state":"open","devices":12,"crashes":40,"firstSeen":{"release":"2.4.0"},
                "lastSeen":{},"signature":"assert | radio_send"}],"next":null}""");

        Run run = Run.of(
                "clusters",
                "list",
                "--query",
                "fn:radio_* devices:>10",
                "--sort",
                "devices",
                "--server",
                server.address());

        assertThat(run.exitCode()).isZero();
        assertThat(run.out().lines().skip(1))
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .containsSubsequence("C-7", "open", "12", "40", "2.4.0", "-", "assert | radio_send"));
        assertThat(server.asked().getFirst().uri())
                .startsWith("/api/v1/projects/default/clusters?")
                .contains("q=fn:radio_*%20devices:%3E10".replace(":", "%3A"), "sort=devices");
    }

    @Test
    void whatIsWrongWithASearchIsTold() {
        server.then(400, "{\"detail\":\"q at 1: found colour:, wanted one of release:\"}");

        Run run = Run.of("crash", "list", "--query", "colour:red", "--server", server.address());

        assertThat(run.exitCode()).isEqualTo(ExitCode.REFUSED);
        assertThat(run.err()).contains("q at 1: found colour:");
    }
}
