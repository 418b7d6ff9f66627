package dev.faultline.ingest;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/** The packaged service in a process of its own, on a data directory and with the embedded database. */
final class ServiceProcess {
    private static final Path JAR = Path.of("../target/quarkus-app/quarkus-run.jar");
    private static final Duration READY = Duration.ofMinutes(3);

    private final Path data;
    private final int port;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private Process process;

    private ServiceProcess(Path data, int port, Process process) {
        this.data = data;
        this.port = port;
        this.process = process;
    }

    static ServiceProcess start(Path data) throws IOException, InterruptedException {
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        var service = new ServiceProcess(data, port, launch(data, port));
        service.awaitReady();
        return service;
    }

    private static Process launch(Path data, int port) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-Dfaultline.data-dir=" + data,
                        "-Dquarkus.http.port=" + port,
                        "-jar",
                        JAR.toAbsolutePath().normalize().toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        data.resolve("service.log").toFile()))
                .start();
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    /** SIGKILL: no hook runs, nothing is flushed. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** SIGKILL for the database's first process; the others end when they notice. */
    void killDatabase() throws IOException {
        Path pid = data.resolve("pg/data/postmaster.pid");
        ProcessHandle.of(Long.parseLong(Files.readAllLines(pid).getFirst().strip()))
                .orElseThrow()
                .destroyForcibly();
    }

    void startAgain() throws IOException, InterruptedException {
        process = launch(data, port);
        awaitReady();
    }

    /** As an administrator stops it; the database stops with it. */
    void stop() throws InterruptedException {
        process.destroy();
        process.waitFor();
    }

    /** What it said since the first start. */
    String log() throws IOException {
        return Files.readString(data.resolve("service.log"));
    }

    void awaitReady() throws IOException, InterruptedException {
        var end = Instant.now().plus(READY);
        while (!ready()) {
            if (!process.isAlive() || Instant.now().isAfter(end)) {
                throw new IllegalStateException("the service did not get ready: " + log());
            }
            Thread.sleep(100);
        }
    }

    private boolean ready() throws InterruptedException {
        try {
            var request = HttpRequest.newBuilder(uri("/q/health/ready"))
                    .timeout(Duration.ofSeconds(5))
                    .build();
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }
}
