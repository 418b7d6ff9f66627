package dev.faultline.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.fleet.ActiveFleet;
import dev.faultline.ops.Fragment;
import dev.faultline.ops.PostgresResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** The list on 2,000 clusters of 40,000 crashes: what PostgreSQL does, not how long it takes on this machine. */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
class ClusterListPlanTest {
    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00Z");

    @Inject
    DataSource database;

    @Inject
    Crashes crashes;

    @Test
    void neitherCrashesNorVariantsAreReadForTheOrder() throws SQLException {
        long project = crashes.project().id();
        fill(project);
        crashes.rolledUp(project);
        assertThat(crashes.differencesToARecount(project)).isZero();
        try (var connection = database.getConnection()) {
            var list = new ClusterList(connection, project, new ActiveFleet(0, Map.of()), NOW);
            var ranking = list.ranking(ClusterQuery.all(50), new Fragment(), new Fragment(), 51);
            List<String> plan = new ArrayList<>();
            String explain = "explain (analyze, buffers) " + ranking.sql();
            try (var statement = Fragment.prepare(connection, explain, ranking.values());
                    var row = statement.executeQuery()) {
                while (row.next()) {
                    plan.add(row.getString(1));
                }
            }
            assertThat(plan)
                    .noneMatch(line -> line.matches(".* on (crash|variant|variant_day|variant_device|tally) .*"));
            assertThat(plan).anyMatch(line -> line.contains(" on cluster_total "));
            assertThat(list.page(ClusterQuery.all(50)).items()).hasSize(50);
        }
    }

    private void fill(long project) throws SQLException {
        String sql = """
                insert into device (project_id, name, first_seen, last_seen)
                    select %1$d, 'plan-' || i, now(), now() from generate_series(1, 1000) i;
                insert into release (project_id, software, version) values (%1$d, 'plan', '1'), (%1$d, 'plan', '2');
                insert into cluster (project_id, signature, reason, software, created_at)
                    select %1$d, 'bad-access | plan_' || i, 'bad-access', 'plan', now() from generate_series(1, 2000) i;
                insert into variant (project_id, cluster_id, algorithm, k1, k3, k8, cluster_key, signature, reason,
                        software, provisional, needs_symbols, frames, joined_because, created_at)
                    select %1$d, id, 1, 'a' || id || n, 'b' || id, 'c' || id || '-' || n, 'b' || id, signature, reason, software,
                        false, false, '[]', 'test', now()
                    from cluster, generate_series(1, 2) n where project_id = %1$d;
                create temporary table numbered as
                    select row_number() over (order by random()) as n, id from variant where project_id = %1$d;
                insert into crash (id, project_id, sender, sha256, size, claims, received_at, effective_at, state,
                        device_id, release_id, hardware, variant_id)
                    select gen_random_uuid(), %1$d, '', 'plan' || i, 1, '{}', at, at, 'processed',
                        (select min(id) from device where project_id = %1$d) + i %% 1000,
                        (select min(id) from release where project_id = %1$d) + i %% 2,
                        'rev-' || i %% 3, numbered.id
                    from (select i, timestamptz '2026-06-15 12:00+0' - i * interval '1 minute' as at
                        from generate_series(1, 40000) i) c join numbered on numbered.n = 1 + i %% 4000;
                insert into variant_day
                    select variant_id, release_id, hardware, (effective_at at time zone 'UTC')::date, count(*)
                    from crash where project_id = %1$d group by 1, 2, 3, 4;
                insert into variant_device
                    select variant_id, release_id, device_id, hardware, (effective_at at time zone 'UTC')::date, count(*)
                    from crash where project_id = %1$d group by 1, 2, 3, 4, 5;
                insert into crash_counted (project_id, variant_id, device_id, release_id, hardware, day, crashes)
                    select project_id, variant_id, device_id, release_id, hardware, (effective_at at time zone 'UTC')::date, 1
                    from crash where project_id = %1$d;
                drop table numbered;
                """.formatted(project);
        try (var connection = database.getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
            statement.execute("analyze");
        }
    }
}
