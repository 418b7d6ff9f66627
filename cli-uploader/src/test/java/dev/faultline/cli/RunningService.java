package dev.faultline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The packaged service as a process of its own, with its own PostgreSQL on an empty data directory. */
final class RunningService implements AutoCloseable {
    private static final Path JAR = Path.of("../target/quarkus-app/quarkus-run.jar").toAbsolutePath().normalize();
    private static final Path OPTIONS =
            Path.of("../src/main/docker/jvm.options").toAbsolutePath().normalize();
    private static final Duration START_LIMIT = Duration.ofMinutes(3);
    private static final long STOP_SECONDS = 60;

    private final Process process;
    private final int port;
    private final Path log;

    RunningService(Path directory, Map<String, String> settings) throws IOException, InterruptedException {
        assertThat(JAR).as("built by the module before this one").exists();
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        log = directory.resolve("service.log");
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin/java").toString(), "@" + OPTIONS));
        settings.forEach((name, value) -> command.add("-D" + name + "=" + value));
        command.addAll(List.of(
                "-Dquarkus.http.port=" + port, "-Dfaultline.data-dir=" + directory, "-jar", JAR.toString()));
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        awaitReady();
    }

    private void awaitReady() throws IOException, InterruptedException {
        Instant deadline = Instant.now().plus(START_LIMIT);
        while (!ready()) {
            assertThat(process.isAlive()).as("the service: %s", Files.readString(log)).isTrue();
            assertThat(Instant.now()).as("ready in time: %s", Files.readString(log)).isBefore(deadline);
            Thread.sleep(200);
        }
    }

    private boolean ready() throws IOException {
        var connection = (HttpURLConnection) URI.create(address() + "/q/health/ready").toURL().openConnection();
        try {
            return connection.getResponseCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    String address() {
        return "http://127.0.0.1:" + port;
    }

    long pid() {
        return process.pid();
    }

    @Override
    public void close() throws IOException, InterruptedException {
        process.destroy();
        boolean ended = process.waitFor(STOP_SECONDS, TimeUnit.SECONDS);
        if (!ended) {
            process.destroyForcibly();
        }
        assertThat(ended).as("a TERM signal stops the service: %s", Files.readString(log)).isTrue();
    }
}
