package dev.faultline.ops;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.XZInputStream;

/**
 * A real PostgreSQL server in a child process, with fsync on. Its data survives restarts, and a server that a killed run
 * left behind is taken over. Works as root as well: PostgreSQL refuses uid 0, so its tools then run in a user namespace
 * of their own, where files stay root's.
 */
public final class EmbeddedPostgres {
    private static final Logger LOG = Logger.getLogger(EmbeddedPostgres.class);
    private static final String VERSION = "18.6.0";
    private static final int LOCK_TRIES = 300;
    private static final Duration WATCH = Duration.ofSeconds(1);

    /** Kept reachable for the life of the JVM: a collected channel gives its lock up. */
    @SuppressWarnings("UnusedVariable")
    private static @Nullable FileChannel lock;

    /** One server a JVM: a live reload takes over the one of before, and only the last stop is meant. */
    private static volatile boolean wanted;

    private final Path home;
    private final Path data;
    private final Path tools;
    private final int port;

    private EmbeddedPostgres(Path home, Path tools, int port) {
        this.home = home;
        this.data = home.resolve("data");
        this.tools = tools;
        this.port = port;
    }

    /** Starts the server whose files are under {@code directory}, or takes over the one that runs there. */
    public static synchronized EmbeddedPostgres start(Path directory) throws IOException, InterruptedException {
        Path home = directory.toAbsolutePath().normalize();
        Files.createDirectories(home);
        lock(home);
        wanted = true;
        Path tools = unpack(home).resolve("bin");
        Path data = home.resolve("data");
        if (!Files.exists(data.resolve("PG_VERSION"))) {
            createCluster(home, tools);
        }
        awaitRecovery(data);
        int running = runningPort(data);
        if (running != 0) {
            return new EmbeddedPostgres(home, tools, running);
        }
        var server = new EmbeddedPostgres(home, tools, freePort());
        server.boot();
        return server;
    }

    public String jdbcUrl() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
    }

    public String user() {
        return "postgres";
    }

    public String password() throws IOException {
        return Files.readString(passwordFile(home)).strip();
    }

    /**
     * Starts the server again, on the same port, whenever it is gone although nobody stopped it: killed for want of memory,
     * for example. Runs until this JVM ends.
     */
    public void keepRunning() {
        Thread.ofVirtual().name("postgres-watch").start(() -> {
            try {
                while (wanted) {
                    Thread.sleep(WATCH);
                    startIfGone();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private synchronized void startIfGone() throws InterruptedException {
        try {
            if (wanted && !alive(data)) {
                LOG.error("the embedded database is gone: it is started again");
                boot();
                LOG.info("the embedded database is back");
            }
        } catch (IOException e) {
            // such as: processes of the old server still hold its memory
            LOG.warnf("the embedded database does not start yet: %s", e.getMessage());
        }
    }

    /** Stops the server; open transactions are rolled back. */
    public synchronized void stop() throws IOException, InterruptedException {
        wanted = false;
        run(home, tools, 30, "pg_ctl", "stop", "-D", data.toString(), "-m", "fast", "-w");
    }

    /** Held until this JVM ends, so that a server that is being stopped is not taken over by the next run. */
    private static void lock(Path home) throws IOException, InterruptedException {
        var channel = FileChannel.open(home.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        for (int i = 0; i < LOCK_TRIES; i++) {
            try {
                if (channel.tryLock() != null) {
                    lock = channel;
                    return;
                }
            } catch (OverlappingFileLockException thisJvmHasIt) {
                channel.close();
                return;
            }
            Thread.sleep(100);
        }
        throw new IOException(home + " is in use by another process");
    }

    private static Path unpack(Path home) throws IOException {
        Path unpacked = home.resolve("postgresql-" + VERSION);
        if (Files.exists(unpacked)) {
            return unpacked;
        }
        String resource = "/postgres-linux-" + architecture() + ".txz";
        Path temporary = Files.createTempDirectory(home, "unpack");
        try (var packed = EmbeddedPostgres.class.getResourceAsStream(resource)) {
            if (packed == null) {
                throw new IOException("no PostgreSQL for this machine in the distribution: " + resource);
            }
            var tar = new TarArchiveInputStream(new XZInputStream(packed));
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                unpackEntry(tar, entry, temporary);
            }
        }
        Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwxr-xr-x"));
        try {
            Files.move(temporary, unpacked, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileAlreadyExistsException | DirectoryNotEmptyException | AtomicMoveNotSupportedException e) {
            if (!Files.exists(unpacked)) {
                throw e;
            }
        }
        return unpacked;
    }

    private static void unpackEntry(TarArchiveInputStream tar, TarArchiveEntry entry, Path directory)
            throws IOException {
        Path target = directory.resolve(entry.getName()).normalize();
        if (!target.startsWith(directory)) {
            throw new IOException("entry leaves its directory: " + entry.getName());
        }
        if (entry.isDirectory()) {
            Files.createDirectories(target);
            return;
        }
        Files.createDirectories(target.getParent());
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
        } else {
            Files.copy(tar, target);
            if ((entry.getMode() & 0111) != 0) {
                Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
        }
    }

    private static String architecture() throws IOException {
        String machine = System.getProperty("os.arch");
        return switch (machine) {
            case "amd64", "x86_64" -> "x86_64";
            case "aarch64" -> "arm_64";
            default ->
                throw new IOException("no embedded PostgreSQL for " + machine
                        + ": set QUARKUS_DATASOURCE_JDBC_URL to a server of your own");
        };
    }

    private static void createCluster(Path home, Path tools) throws IOException, InterruptedException {
        byte[] secret = new byte[18];
        new SecureRandom().nextBytes(secret);
        Path password = passwordFile(home);
        Files.deleteIfExists(password);
        Files.createFile(password, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(password, Base64.getUrlEncoder().encodeToString(secret) + "\n");
        String data = home.resolve("data").toString();
        run(
                home,
                tools,
                60,
                "initdb",
                "-D",
                data,
                "-U",
                "postgres",
                "-E",
                "UTF8",
                "--locale=C",
                "-A",
                "scram-sha-256",
                "--pwfile=" + password);
    }

    private static Path passwordFile(Path home) {
        return home.resolve("password");
    }

    /** A server that a killed run left behind may still be replaying its log. */
    private static void awaitRecovery(Path data) throws IOException, InterruptedException {
        for (int i = 0; i < LOCK_TRIES && alive(data) && runningPort(data) == 0; i++) {
            Thread.sleep(100);
        }
    }

    /** The port of a server that is up on this data directory, or 0. */
    private static int runningPort(Path data) throws IOException {
        List<String> lines = pidFile(data);
        // line 8 of postmaster.pid is its state
        return alive(data) && lines.size() >= 8 && lines.get(7).startsWith("ready")
                ? Integer.parseInt(lines.get(3).strip())
                : 0;
    }

    private static boolean alive(Path data) throws IOException {
        List<String> lines = pidFile(data);
        return !lines.isEmpty()
                && ProcessHandle.of(Long.parseLong(lines.getFirst().strip()))
                        .flatMap(process -> process.info().command())
                        .filter(command -> command.endsWith("/postgres"))
                        .isPresent();
    }

    private static List<String> pidFile(Path data) throws IOException {
        try {
            return Files.readAllLines(data.resolve("postmaster.pid"));
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    /**
     * Waits for the processes of a killed server to end, then takes its {@code postmaster.pid} away: the number in it may be
     * that of a zombie, or of somebody else by now, and PostgreSQL would not start beside either. This JVM holds the
     * directory's lock, so no other server can be meant.
     */
    private void clearRemains() throws IOException, InterruptedException {
        String server = tools.resolve("postgres").toString();
        for (int i = 0; i < LOCK_TRIES && runs(server); i++) {
            Thread.sleep(100);
        }
        if (runs(server)) {
            throw new IOException("processes of a killed PostgreSQL still run on " + data);
        }
        Files.deleteIfExists(data.resolve("postmaster.pid"));
    }

    private static boolean runs(String program) {
        return ProcessHandle.allProcesses()
                .anyMatch(process ->
                        process.info().command().filter(program::equals).isPresent());
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void boot() throws IOException, InterruptedException {
        clearRemains();
        run(
                home,
                tools,
                60,
                "pg_ctl",
                "start",
                "-D",
                data.toString(),
                "-w",
                "-t",
                "50",
                "-l",
                home.resolve("postgres.log").toString(),
                "-o",
                "-p " + port + " -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=60"
                        + " -c shared_buffers=96MB");
    }

    private static void run(Path home, Path tools, int seconds, String tool, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        if ("root".equals(System.getProperty("user.name"))) {
            command.addAll(List.of("unshare", "-U"));
        }
        command.add(tools.resolve(tool).toString());
        command.addAll(List.of(arguments));
        Path output = home.resolve(tool + ".out");
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException(tool + " did not end within " + seconds + " s");
        }
        if (process.exitValue() != 0) {
            throw new IOException(tool + " exited with " + process.exitValue() + ": " + Files.readString(output));
        }
    }
}
