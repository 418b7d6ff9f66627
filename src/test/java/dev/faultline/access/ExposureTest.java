package dev.faultline.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExposureTest {
    private static final int SECONDS = 60;

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost", "::1", "127.0.0.2"})
    void withoutAuthenticationItListensOnLoopback(String host) {
        assertThat(Exposure.objection(AuthMode.OFF, host)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.1", "", " ", "no-such-host.invalid"})
    void withoutAuthenticationItListensNowhereElse(String host) {
        assertThat(Exposure.objection(AuthMode.OFF, host)).isPresent();
        assertThat(Exposure.objection(AuthMode.ON, host)).isEmpty();
    }

    @Test
    void theProcessSaysWhyInOneSentenceAndStartsNothing(@TempDir Path directory) throws Exception {
        Path output = directory.resolve("output");
        Process service = serviceOn("0.0.0.0", directory, output);
        try {
            assertThat(service.waitFor(SECONDS, TimeUnit.SECONDS)).isTrue();
        } finally {
            service.destroyForcibly();
        }
        assertThat(service.exitValue()).isEqualTo(2);
        assertThat(Files.readString(output, StandardCharsets.UTF_8).strip())
                .isEqualTo("Without authentication everybody who reaches 0.0.0.0 could do everything:"
                        + " set faultline.auth=on (FAULTLINE_AUTH=on), or listen on 127.0.0.1.");
        assertThat(directory.resolve("data")).doesNotExist();
    }

    private static Process serviceOn(String host, Path directory, Path output) throws IOException {
        var command = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager", // as quarkus-run.jar sets it
                "-cp",
                System.getProperty("java.class.path"),
                "dev.faultline.Main");
        command.environment().put("QUARKUS_HTTP_HOST", host);
        command.environment()
                .put("FAULTLINE_DATA_DIR", directory.resolve("data").toString());
        return command.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    }
}
