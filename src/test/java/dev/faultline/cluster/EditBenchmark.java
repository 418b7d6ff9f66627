package dev.faultline.cluster;

import dev.faultline.access.Actor;
import dev.faultline.access.Project;
import dev.faultline.ops.EmbeddedPostgres;
import dev.faultline.ops.Fragment;
import dev.faultline.ops.Transactions;
import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.agroal.api.security.NamePrincipal;
import io.agroal.api.security.SimplePassword;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/**
 * How long it takes to merge a cluster of some thousand variants, with all their crashes, into another one and to take that
 * back, in a database that {@code src/scale.sh fill} filled and no service runs on:
 *
 * <pre>src/scale.sh edits --data-dir=/tmp/faultline-scale</pre>
 */
public final class EditBenchmark {
    private static final int ROUNDS = 3;

    /** The cluster with most crashes among those that have no more variants than so many. */
    private static final String MOST_CRASHES = """
            select k.cluster_id, k.crashes, v.variants
            from cluster_total k
            cross join lateral (select count(*) as variants from variant where cluster_id = k.cluster_id) v
            where k.cluster_id <> ? and v.variants between ? / 2 and ?
            order by k.crashes desc, k.cluster_id limit 1
            """;

    private EditBenchmark() {}

    public static void main(String... arguments) throws Exception {
        Path data = Path.of(arguments[0].substring("--data-dir=".length()));
        var postgres = EmbeddedPostgres.start(data.resolve("pg"));
        String password = postgres.password();
        try (var database = AgroalDataSource.from(new AgroalDataSourceConfigurationSupplier()
                .connectionPoolConfiguration(pool -> pool.maxSize(2)
                        .connectionFactoryConfiguration(factory -> factory.jdbcUrl(postgres.jdbcUrl())
                                .principal(new NamePrincipal(postgres.user()))
                                .credential(new SimplePassword(password)))))) {
            var transactions = new Transactions(database);
            var into = found(transactions, 0, 8_000);
            for (int variants : List.of(100, 1000)) {
                merge(new ClusterEdits(transactions), into, found(transactions, into.number(), variants));
            }
        } finally {
            postgres.stop();
        }
    }

    private record Found(long number, long crashes, long variants) {}

    private static Found found(Transactions transactions, long other, int variants) {
        return transactions.read(connection -> {
            try (var query = Fragment.prepare(connection, MOST_CRASHES, List.of(other, variants, variants));
                    var row = query.executeQuery()) {
                row.next();
                return new Found(row.getLong(1), row.getLong(2), row.getLong(3));
            }
        });
    }

    private static void merge(ClusterEdits edits, Found into, Found one) {
        var project = new Project(1, "default");
        var actor = new Actor("benchmark", null, Instant.now());
        for (int round = 0; round < ROUNDS; round++) {
            long start = System.nanoTime();
            var merge = edits.merge(project, new ClusterId(into.number()), List.of(new ClusterId(one.number())), actor);
            long merged = System.nanoTime();
            edits.unmerge(project, merge.id(), actor);
            System.out.printf(
                    Locale.ROOT,
                    "| %d variants, %d crashes, into a cluster of %d | merge %.0f ms | un-merge %.0f ms |%n",
                    one.variants(),
                    one.crashes(),
                    into.crashes(),
                    (merged - start) / 1e6,
                    (System.nanoTime() - merged) / 1e6);
        }
    }
}
