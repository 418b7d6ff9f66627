package dev.faultline.scale;

import dev.faultline.ops.EmbeddedPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.flywaydb.core.Flyway;

/**
 * Fills the embedded PostgreSQL of a data directory that has no crashes yet with a fleet's worth of them, so that lists and
 * searches can be measured at size:
 *
 * <pre>src/scale.sh fill --data-dir=/tmp/faultline-scale [--crashes=10000000 [--clusters= --variants= --devices=]]</pre>
 *
 * <p>The rows are those that ingest and grouping leave behind, but for reports, coredumps and modules: a crash has its
 * identity, time, place, sentence and variant. What later schema versions keep beside them comes from their migrations, which
 * thereby run at that size too.
 */
public final class ScaleFill {
    /** The last schema version whose tables are filled here; the question mark: or the last one before it. */
    private static final String FILLED_VERSION = "10?";

    /** Filled without indexes, which are built afterwards. */
    private static final List<String> BARE = List.of("variant", "crash", "variant_day", "variant_device");

    private final Connection connection;
    private final long start = System.nanoTime();

    private ScaleFill(Connection connection) {
        this.connection = connection;
    }

    public static void main(String... arguments) throws Exception {
        List<String> options = List.of(arguments);
        Path data = options.stream()
                .filter(option -> option.startsWith("--data-dir="))
                .map(option -> Path.of(option.substring("--data-dir=".length())))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("--data-dir=DIRECTORY is missing"));
        Scale scale = Scale.parse(options);
        var postgres = EmbeddedPostgres.start(data.resolve("pg"));
        try {
            migrate(postgres, FILLED_VERSION);
            try (var connection =
                    DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password())) {
                new ScaleFill(connection).fill(scale);
            }
            long migrating = System.nanoTime();
            migrate(postgres, "latest");
            System.out.printf(Locale.ROOT, "migrated to the latest schema in %.1f s%n", seconds(migrating));
        } finally {
            postgres.stop();
        }
    }

    private static void migrate(EmbeddedPostgres postgres, String target) throws Exception {
        Flyway.configure()
                .dataSource(postgres.jdbcUrl(), postgres.user(), postgres.password())
                .target(target)
                .load()
                .migrate();
    }

    private void fill(Scale scale) throws SQLException {
        if (!texts("select id::text from crash limit 1").isEmpty()) {
            throw new IllegalStateException("there are crashes already: give an empty data directory");
        }
        run("session", ScaleSql.SESSION);
        run(
                "sizes",
                ScaleSql.SETTINGS.formatted(
                        scale.crashes(),
                        scale.clusters(),
                        scale.variants(),
                        scale.devices(),
                        scale.releases(),
                        scale.days()));
        List<String> rebuild = takeIndexesAway();
        run("fleet", ScaleSql.FLEET);
        run("functions", ScaleSql.FUNCTIONS);
        run("clusters", ScaleSql.CLUSTERS);
        run("variants", ScaleSql.VARIANTS);
        run("crashes", ScaleSql.CRASHES);
        run("counters", ScaleSql.COUNTERS);
        for (String statement : rebuild) {
            run(statement, statement);
        }
        run("analyze", "vacuum (analyze)");
        System.out.printf(Locale.ROOT, "filled in %.1f s%n", seconds(start));
    }

    /** All but primary keys, which others refer to; returns the statements that bring them back. */
    private List<String> takeIndexesAway() throws SQLException {
        List<String> rebuild = new ArrayList<>();
        for (String table : BARE) {
            String constraints =
                    "from pg_constraint where conrelid = '%s'::regclass and contype = 'u'".formatted(table);
            rebuild.addAll(
                    texts("select format('alter table %%s add constraint %%I %%s', '%s', conname,".formatted(table)
                            + " pg_get_constraintdef(oid)) " + constraints));
            String indexes = """
                    from pg_index i join pg_class c on c.oid = i.indexrelid
                    where i.indrelid = '%s'::regclass
                        and not exists (select from pg_constraint where conindid = i.indexrelid)
                    """.formatted(table);
            rebuild.addAll(texts("select pg_get_indexdef(i.indexrelid) " + indexes));
            List<String> drop = new ArrayList<>(texts(
                    "select format('alter table %s drop constraint %%I', conname) ".formatted(table) + constraints));
            drop.addAll(texts("select format('drop index %I', c.relname) " + indexes));
            for (String statement : drop) {
                run(statement, statement);
            }
        }
        return rebuild;
    }

    private List<String> texts(String query) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery(query)) {
            List<String> texts = new ArrayList<>();
            while (row.next()) {
                texts.add(row.getString(1));
            }
            return texts;
        }
    }

    private void run(String name, String sql) throws SQLException {
        long begun = System.nanoTime();
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
        System.out.printf(Locale.ROOT, "%7.1f s  %s%n", seconds(begun), name);
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }
}
