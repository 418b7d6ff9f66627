package dev.faultline.cluster;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.faultline.fingerprint.Fingerprint;
import dev.faultline.fingerprint.FingerprintFrame;
import dev.faultline.fingerprint.FramePart;
import dev.faultline.fleet.Sighting;
import dev.faultline.ops.EmbeddedPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.UUID;

/**
 * How long it takes to put a crash into its variant and cluster, and the roll-ups to follow, in a database that
 * {@code src/scale.sh fill} filled and no service runs on; adds some thousand crashes to it:
 *
 * <pre>src/scale.sh assign --data-dir=/tmp/faultline-scale</pre>
 */
public final class AssignmentBenchmark {
    private static final int WARM_UP = 500;
    private static final int CRASHES = 2000;

    private final Connection connection;
    private final Assigner assigner = new Assigner(new ObjectMapper());
    private final Random random = new Random(3);

    private AssignmentBenchmark(Connection connection) {
        this.connection = connection;
    }

    public static void main(String... arguments) throws Exception {
        Path data = Path.of(arguments[0].substring("--data-dir=".length()));
        var postgres = EmbeddedPostgres.start(data.resolve("pg"));
        try (var connection = DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password())) {
            connection.setAutoCommit(false);
            var benchmark = new AssignmentBenchmark(connection);
            benchmark.run("warm-up", WARM_UP, 0);
            benchmark.run("a known variant", CRASHES, 0);
            benchmark.run("a new variant of a known cluster", CRASHES, 1);
            benchmark.run("a new cluster", CRASHES, 3);
            benchmark.rollUp();
        } finally {
            postgres.stop();
        }
    }

    /** @param changed how many of the keys k8 and k3 are new */
    private void run(String name, int crashes, int changed) throws SQLException {
        double[] milliseconds = new double[crashes];
        for (int i = 0; i < crashes; i++) {
            Fingerprint fingerprint = fingerprint(changed);
            UUID crash = received();
            var sighting = new Sighting(1 + random.nextLong(1000), 1 + random.nextLong(40), "rev-a", false);
            connection.commit();
            long start = System.nanoTime();
            try (var set = connection.createStatement()) {
                set.execute("set local synchronous_commit to off");
            }
            assigner.assign(connection, 1, fingerprint, new CrashFacts(crash, sighting), Instant.now());
            connection.commit();
            milliseconds[i] = (System.nanoTime() - start) / 1e6;
        }
        print(name, milliseconds);
    }

    private void rollUp() throws SQLException {
        List<Double> milliseconds = new ArrayList<>();
        for (int taken = 1; taken > 0; ) {
            long start = System.nanoTime();
            taken = RollUp.logged(connection, 1, 100);
            connection.commit();
            milliseconds.add((System.nanoTime() - start) / 1e6);
        }
        print(
                "roll-ups, 100 crashes at once",
                milliseconds.stream().mapToDouble(Double::doubleValue).toArray());
    }

    private static void print(String name, double[] milliseconds) {
        Arrays.sort(milliseconds);
        System.out.printf(
                Locale.ROOT,
                "| %s | %.2f ms | %.2f ms | %.2f ms |%n",
                name,
                milliseconds[milliseconds.length / 2],
                milliseconds[milliseconds.length * 95 / 100],
                milliseconds[milliseconds.length - 1]);
    }

    private Fingerprint fingerprint(int changed) throws SQLException {
        String variant = "select k1, k3, k8, signature, reason from variant where id <= ? order by id desc limit 1";
        try (var query = connection.prepareStatement(variant)) {
            query.setLong(1, random.nextLong(1, 1_000_001));
            try (var row = query.executeQuery()) {
                row.next();
                String fresh = UUID.randomUUID().toString();
                return new Fingerprint(
                        1,
                        "benchmark",
                        "main-fw",
                        row.getString(5),
                        null,
                        row.getString(4),
                        row.getString(1),
                        null,
                        changed > 1 ? fresh : row.getString(2),
                        changed > 0 ? fresh : row.getString(3),
                        false,
                        false,
                        false,
                        "radio.c:12",
                        List.of(
                                new FingerprintFrame(
                                        "benchmark_send",
                                        null,
                                        FramePart.RELEVANT,
                                        null,
                                        null,
                                        List.of("k1", "k3", "k8"),
                                        "radio.c",
                                        12),
                                new FingerprintFrame(
                                        "benchmark_" + fresh.substring(0, 2),
                                        null,
                                        FramePart.RELEVANT,
                                        null,
                                        null,
                                        List.of("k3", "k8"),
                                        "radio.c",
                                        40)),
                        List.of());
            }
        }
    }

    private UUID received() throws SQLException {
        String insert = """
                insert into crash (id, project_id, sender, sha256, size, claims, received_at, effective_at, state)
                values (?, 1, 'benchmark', ?, 1, '{}', now(), now(), 'processed')
                """;
        UUID id = UUID.randomUUID();
        try (var statement = connection.prepareStatement(insert)) {
            statement.setObject(1, id);
            statement.setString(2, id.toString());
            statement.executeUpdate();
        }
        return id;
    }
}
