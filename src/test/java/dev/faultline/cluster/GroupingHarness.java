package dev.faultline.cluster;

import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.faultline.access.Project;
import dev.faultline.crash.Stacks;
import dev.faultline.fingerprint.Fingerprint;
import dev.faultline.fingerprint.Fingerprinter;
import dev.faultline.fingerprint.ProjectRules;
import dev.faultline.fleet.ActiveFleets;
import dev.faultline.fleet.Fleet;
import dev.faultline.ops.EmbeddedPostgres;
import dev.faultline.ops.Transactions;
import dev.faultline.symbols.report.ReasonFamily;
import dev.faultline.triage.Triage;
import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.agroal.api.security.NamePrincipal;
import io.agroal.api.security.SimplePassword;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;

/** The parts that group crashes, on a PostgreSQL of their own, for properties: those run outside of Quarkus. */
public final class GroupingHarness implements AutoCloseable {
    private static final int CONNECTIONS = 12;

    final ObjectMapper json = new ObjectMapper().addMixIn(ReasonFamily.class, ByLabel.class);
    final AgroalDataSource database;
    public final Transactions transactions;
    public final Stacks stacks;
    final Clusters clusters;
    final ClusterEdits edits;
    public final Triage triage;
    public final Regrouping regrouping;
    final Crashes crashes;
    private final EmbeddedPostgres postgres;

    private interface ByLabel {
        @JsonValue
        String label();
    }

    public GroupingHarness(Path directory) throws IOException, InterruptedException, SQLException {
        postgres = EmbeddedPostgres.start(directory.toAbsolutePath().normalize());
        Flyway flyway = Flyway.configure()
                .dataSource(postgres.jdbcUrl(), postgres.user(), postgres.password())
                .cleanDisabled(false)
                .load();
        flyway.clean();
        flyway.migrate();
        String password = postgres.password();
        database = AgroalDataSource.from(new AgroalDataSourceConfigurationSupplier()
                .connectionPoolConfiguration(pool -> pool.maxSize(CONNECTIONS)
                        .connectionFactoryConfiguration(factory -> factory.jdbcUrl(postgres.jdbcUrl())
                                .principal(new NamePrincipal(postgres.user()))
                                .credential(new SimplePassword(password)))));
        transactions = new Transactions(database);
        json.findAndRegisterModules();
        stacks = new Stacks(transactions, json);
        var assigner = new Assigner(json);
        var rollUps = new RollUps(transactions);
        clusters = new Clusters(database, transactions, json, assigner, rollUps, new ActiveFleets(transactions));
        edits = new ClusterEdits(transactions);
        triage = new Triage(transactions, rollUps);
        regrouping = new Regrouping(assigner);
        crashes = new Crashes(database, new Fleet(), clusters, stacks, rollUps);
    }

    /** As JSON. */
    public String text(Object value) {
        try {
            return json.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        database.close();
        try {
            postgres.stop();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    public Project project() throws SQLException {
        var made = crashes.project();
        return new Project(made.id(), made.name());
    }

    /** Where each variant is and why, what it counts, what is known of its edits, and where emptied clusters lead. */
    List<String> state(Project project) {
        String sql = """
                select 'v', v.id, v.cluster_id, v.joined_because, v.joined_by,
                    (select sum(crashes) from variant_day where variant_id = v.id),
                    (select sum(crashes) from variant_device where variant_id = v.id), v.cluster_key
                from variant v where project_id = %1$d
                union all
                select 'k', id, moved_to, signature, null, null, null, state from cluster where project_id = %1$d
                union all
                select 'c', count(*), variant_id, fingerprint::text, null, null, null, null
                    from crash where project_id = %1$d group by 3, 4
                order by 1, 2, 3, 4
                """.formatted(project.id());
        return transactions.read(connection -> {
            List<String> rows = new ArrayList<>();
            try (var statement = connection.createStatement();
                    var row = statement.executeQuery(sql)) {
                while (row.next()) {
                    var columns = new ArrayList<String>();
                    for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                        columns.add(row.getString(i));
                    }
                    rows.add(String.join(
                            " ", columns.stream().map(String::valueOf).toList()));
                }
            }
            return rows;
        });
    }

    /** Which stacks are together: the signatures' variants of each cluster, by their keys, without any id. */
    Set<String> partition(Project project) {
        String sql = """
                select k.id, v.k8, (select sum(crashes) from variant_day where variant_id = v.id)
                from variant v join cluster k on k.id = v.cluster_id
                where v.project_id = %d and exists (select from variant_day where variant_id = v.id)
                order by v.k8
                """.formatted(project.id());
        return transactions.read(connection -> {
            Map<Long, List<String>> clusters = new TreeMap<>();
            try (var statement = connection.createStatement();
                    var row = statement.executeQuery(sql)) {
                while (row.next()) {
                    clusters.computeIfAbsent(row.getLong(1), _ -> new ArrayList<>())
                            .add(row.getString(2) + "×" + row.getLong(3));
                }
            }
            var sets = new TreeSet<String>();
            clusters.values().forEach(variants -> sets.add(String.join(" ", variants)));
            return sets;
        });
    }

    /** A job's steps, by rules of the caller's choice. */
    GroupingDifference regroup(Project project, ProjectRules rules, Instant now) {
        Map<Long, Fingerprint> prints = prints(project, rules);
        Regrouping.Planned planned = lay(project, prints, now);
        move(project, prints, planned.laid());
        return planned.difference();
    }

    /** What is left of a job whose variants are there. */
    void move(Project project, Map<Long, Fingerprint> prints, Regrouping.Laid laid) {
        prints.forEach((stack, print) -> {
            int moved;
            do {
                moved = transactions.durable(
                        transaction -> regrouping.move(transaction, project.id(), stack, print, laid));
            } while (moved > 0);
        });
        transactions.durable(transaction -> {
            regrouping.settle(transaction, project.id());
            return 0;
        });
    }

    Map<Long, Fingerprint> prints(Project project, ProjectRules rules) {
        var byRules = new Fingerprinter().by(rules);
        Map<Long, Fingerprint> prints = new HashMap<>();
        stacks.each(project.id(), stack -> prints.put(stack.id(), byRules.of(stack.input())));
        return prints;
    }

    Regrouping.Planned lay(Project project, Map<Long, Fingerprint> prints, Instant now) {
        return transactions.durable(transaction -> regrouping.lay(
                transaction,
                project.id(),
                stack -> wanted(stack, prints.get(stack)),
                (_, stack) -> Objects.requireNonNull(prints.get(stack)),
                "regrouped",
                100,
                now));
    }

    private static Grouping.@Nullable Wanted wanted(long stack, @Nullable Fingerprint print) {
        return print == null ? null : new Grouping.Wanted(Keys.of(print), print.signature(), stack);
    }
}
