package dev.faultline.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a database of an earlier version holds is there after the upgrade, and what has to be done again is due. */
class MigrationTest {
    private static final Path HOME =
            Path.of("../target/migration-test/pg").toAbsolutePath().normalize();
    private static final String BEFORE_COMPANIONS = "2";

    private static EmbeddedPostgres postgres;

    @BeforeAll
    static void startDatabase() throws Exception {
        postgres = EmbeddedPostgres.start(HOME);
    }

    @AfterAll
    static void stopDatabase() throws Exception {
        postgres.stop();
    }

    @BeforeEach
    void databaseOfTheVersionBeforeCompanions() throws Exception {
        var flyway = flyway(BEFORE_COMPANIONS);
        flyway.clean();
        flyway.migrate();
        execute("""
                insert into debug_file (project_id, build_id, sha256, size, file_name, software, version, architecture, state,
                    detail, quality, uploaded_at)
                select id, 'b1', 'h1', 1000, 'fw.elf', 'main-fw', '1.0.0', 'arm', 'usable', 'functions with source lines',
                    '{"functions": 107}', '2026-01-02T03:04:05Z' from project""", """
                insert into crash (id, project_id, sender, sha256, size, claims, received_at, effective_at, state, report)
                select '00000000-0000-0000-0000-000000000001'::uuid, id, '', 'c1', 10, '{}'::jsonb, now(), now(), 'processed',
                    '{"modules": [{"name": "fw", "buildId": "b1"}, {"name": "boot", "buildId": "b1"}, {"name": "rom"}]}'::json
                from project
                union all
                select '00000000-0000-0000-0000-000000000002'::uuid, id, '', 'c2', 20, '{}'::jsonb, now(), now(), 'queued',
                    null from project""");
    }

    @Test
    void debugFilesBecomeFilesOfTheirBuildsWhoseIndexesAreDue() throws Exception {
        flyway("latest").migrate();

        assertThat(rows("select build_id, sha256, file_name, software, version, role from symbol_file"))
                .as("what it is among the files of its build is read from its bytes later")
                .containsExactly("b1|h1|fw.elf|main-fw|1.0.0|null");
        assertThat(rows("select build_id, state, quality->>'functions', index_key, files from debug_file"))
                .containsExactly("b1|usable|107|h1|[{\"role\": \"whole\", \"sha256\": \"h1\"}]");
        assertThat(rows("select build_id, attempts, run_at <= now() from index_due"))
                .containsExactly("b1|0|t");
    }

    @Test
    void crashesKnowTheBuildsOfTheirModulesOnceEach() throws Exception {
        flyway("latest").migrate();

        assertThat(rows("select crash_id, build_id from crash_module"))
                .containsExactly("00000000-0000-0000-0000-000000000001|b1");
    }

    @Test
    void crashesOfBeforeAreTheOnlyOnesOfTheirUploads() throws Exception {
        flyway("latest").migrate();

        assertThat(rows("select sha256, state, ordinal, coredumps from crash order by sha256"))
                .containsExactly("c1|processed|1|1", "c2|queued|1|1");
    }

    @Test
    void crashesOfBeforeAreInTheRollUps() throws Exception {
        flyway("10?").migrate();
        execute("""
                insert into cluster (project_id, signature, reason, software, created_at)
                select id, 'assert | a', 'assert', 'fw', now() from project""", """
                insert into variant (project_id, cluster_id, algorithm, k1, k3, k8, signature, reason, provisional,
                    needs_symbols, frames, joined_because, created_at)
                select project_id, id, 1, '1', '3', '8', signature, reason, true, false,
                    '[{"name": "a"}, {"name": "main"}, {"name": "a"}]', 'first', now() from cluster""", """
                insert into device (project_id, name, first_seen, last_seen) select id, 'SN-1', now(), now() from project""", """
                update crash set variant_id = (select id from variant), device_id = (select id from device),
                    effective_at = '2026-01-02T03:04:05Z'""");

        flyway("latest").migrate();

        assertThat(
                        rows(
                                "select crashes, devices from cluster_count where days = 0 and release_id is null and hardware is null"))
                .containsExactly("2|1");
        assertThat(
                        rows(
                                "select day, crashes, devices from cluster_count where days = 1 and release_id = 0 and hardware = ''"))
                .containsExactly("2026-01-02|2|1");
        assertThat(
                        rows(
                                "select days, day, crashes, devices, device_days from cluster_count where days > 1 and hardware is null order by days"))
                .containsExactly("4|2025-12-30|2|1|1", "16|2025-12-26|2|1|1", "64|2025-11-24|2|1|1");
        assertThat(rows("select crashes, devices, provisional, first_crash, last_crash from variant_total"))
                .containsExactly("2|1|t|00000000-0000-0000-0000-000000000001|00000000-0000-0000-0000-000000000002");
        assertThat(
                        rows(
                                "select name, variants from cluster_function join function_name on id = function_id order by name"))
                .containsExactly("a|1", "main|1");
    }

    private static Flyway flyway(String target) {
        try {
            return Flyway.configure()
                    .dataSource(postgres.jdbcUrl(), postgres.user(), postgres.password())
                    .target(target)
                    .cleanDisabled(false)
                    .load();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void execute(String... statements) throws Exception {
        try (var connection = connection();
                var statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** Rows with their columns joined by bars. */
    private static List<String> rows(String query) throws Exception {
        try (var connection = connection();
                var statement = connection.createStatement();
                var row = statement.executeQuery(query)) {
            var rows = new ArrayList<String>();
            while (row.next()) {
                var columns = new ArrayList<String>();
                for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                    columns.add(row.getString(i));
                }
                rows.add(String.join("|", columns));
            }
            return rows;
        }
    }

    private static Connection connection() throws SQLException, IOException {
        return DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password());
    }
}
