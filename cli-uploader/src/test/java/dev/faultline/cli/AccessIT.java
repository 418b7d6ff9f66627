package dev.faultline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands against a service that lets nobody in without a token. */
class AccessIT {

    @Test
    void theMachinesOwnerMakesTokensAndEachDoesWhatItsScopesSay(@TempDir Path directory) throws Exception {
        try (var service = new RunningService(directory, Map.of("faultline.auth", "on"))) {
            String server = service.address();

            Run without = Run.of("crash", "list", "--server", server);
            assertThat(without.exitCode()).isEqualTo(ExitCode.SERVER);
            assertThat(without.err()).contains("FAULTLINE_TOKEN");

            System.setProperty("faultline.data-dir", directory.toString());
            Run reader = Run.of("tokens", "create", "--label", "a reader", "--scopes", "read", "--server", server);
            assertThat(reader.exitCode()).as(reader.err()).isZero();
            Run key = Run.of("tokens", "create", "--label", "devices", "--project-key", "--server", server);
            assertThat(key.exitCode()).as(key.err()).isZero();
            String token = reader.out().strip();

            assertThat(Run.of("crash", "list", "--server", server, "--token", token))
                    .isEqualTo(new Run(0, "No crashes.\n", ""));
            Run upload = Run.of(
                    "crash",
                    "upload",
                    Fixtures.core("main-fw-1.0.0-rev-a-unknown-channel").toString(),
                    "--server",
                    server,
                    "--token",
                    token);
            assertThat(upload.exitCode()).isEqualTo(ExitCode.SERVER);
            assertThat(upload.err()).contains("lacks the scope");

            String list = Run.of("tokens", "list", "--json", "--server", server).out();
            String id = new JsonMapper()
                    .readTree(list.lines().findFirst().orElseThrow())
                    .path("id")
                    .asText();
            assertThat(list).contains("\"a reader\"", "\"devices\"").doesNotContain(token);
            assertThat(Run.of("tokens", "revoke", id, "--server", server)).isEqualTo(new Run(0, "Revoked " + id + "\n", ""));
            assertThat(Run.of("crash", "list", "--server", server, "--token", token)
                            .err())
                    .contains("wrong, expired or revoked");

            Run user = Run.withInput("correct horse battery\n", "users", "create", "ada", "--server", server);
            assertThat(user).isEqualTo(new Run(0, "Created ada\n", ""));
        } finally {
            System.clearProperty("faultline.data-dir");
        }
    }
}
