package dev.faultline.cluster;

import static dev.faultline.fingerprint.Reports.stack;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import dev.faultline.cluster.Crashes.TestProject;
import dev.faultline.fingerprint.Reports;
import dev.faultline.ops.PostgresResource;
import dev.faultline.search.SearchQuery;
import dev.faultline.symbols.report.ReasonFamily;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
class ClusterSearchTest {
    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00Z");
    private static final String BUILD = "dddddddd11111111222222223333333344444444";

    @Inject
    Clusters clusters;

    @Inject
    Crashes crashes;

    @Inject
    DataSource database;

    private TestProject project;

    @BeforeEach
    void aFleet() throws SQLException {
        project = crashes.project();
        crash(stack("radio_send", "radio_task", "main").release("2.4.0", BUILD).of("SN-1", "rev-c"), 0);
        crash(stack("radio_send", "radio_task", "main").release("2.5.0", BUILD).of("SN-2", "rev-b"), 20);
        crash(stack("flash_write", "store_task", "main").release("2.4.1", BUILD).of("SN-1", "rev-b"), 1);
        crash(
                stack("Queue_pop")
                        .reason(ReasonFamily.ASSERT)
                        .release("2.10.0", BUILD)
                        .of("SN-3", ""),
                40);
        crash(
                new Reports()
                        .unnamed(0x100)
                        .withoutSymbols()
                        .software("bootloader")
                        .release("1.0", BUILD),
                2);
    }

    private void crash(Reports report, int daysAgo) throws SQLException {
        crashes.crash(project.id(), report, NOW.minus(Duration.ofDays(daysAgo)));
    }

    private List<String> found(String text) {
        var search = SearchQuery.parse(text, List.of(ClusterField.values()));
        var query = new ClusterQuery(null, null, null, null, null, null, null, search, ClusterSort.LAST_SEEN, 50, null);
        return clusters.list(project.id(), query, NOW).items().stream()
                .map(row -> row.signature().replaceFirst(".*?\\| ", "").replaceFirst(" \\|.*", ""))
                .map(name -> name.startsWith("?") ? "?" : name)
                .toList();
    }

    @Test
    void eachFieldChoosesClusters() {
        assertThat(found("")).containsExactly("radio_send", "flash_write", "?", "Queue_pop");
        assertThat(found("release:2.4.*")).containsExactly("radio_send", "flash_write");
        assertThat(found("release:2.5.0")).containsExactly("radio_send");
        assertThat(found("release:>=2.5")).containsExactly("radio_send", "Queue_pop");
        assertThat(found("release:2.4.1..2.5.0")).containsExactly("radio_send", "flash_write");
        assertThat(found("-release:2.4.*")).containsExactly("?", "Queue_pop");
        assertThat(found("hw:rev-b")).containsExactly("radio_send", "flash_write");
        assertThat(found("hw:\"\"")).containsExactly("Queue_pop");
        assertThat(found("-hw:rev-*")).containsExactly("Queue_pop");
        assertThat(found("reason:assert")).containsExactly("Queue_pop");
        assertThat(found("fn:radio_*")).containsExactly("radio_send");
        assertThat(found("fn:*_task -fn:radio_task")).containsExactly("flash_write");
        assertThat(found("fn:main")).containsExactly("radio_send", "flash_write");
        assertThat(found("software:boot*")).containsExactly("?");
        assertThat(found("state:open badge:needs-symbols")).containsExactly("?");
        assertThat(found("devices:>1")).containsExactly("radio_send");
        assertThat(found("crashes:1 -badge:new")).containsExactly("Queue_pop");
        assertThat(found("first-seen:<7d")).containsExactly("flash_write", "?");
        assertThat(found("last-seen:>30d")).containsExactly("Queue_pop");
        assertThat(found("queue")).containsExactly("Queue_pop");
        assertThat(found("f*write -\"no such\"")).containsExactly("flash_write");
        assertThat(found("%_%")).isEmpty();
    }

    /** So many of them have what is wanted that the list looks at one after the other. */
    @Test
    void amongManyClustersTheSameAreFound() throws SQLException {
        String many = """
                insert into release (project_id, software, version) values (%1$d, 'many', '9.1'), (%1$d, 'many', '9.2');
                insert into function_name (project_id, name) values (%1$d, 'many_one'), (%1$d, 'many_two');
                insert into cluster (project_id, signature, reason, software, state, created_at)
                    select %1$d, 'panic | many_' || i, 'panic', 'many', case when i %% 97 = 0 then 'resolved' else 'open' end, now()
                    from generate_series(1, 2500) i;
                insert into cluster_total (cluster_id, project_id, crashes, devices, first_at, first_crash, last_at, last_crash)
                    select id, project_id, 1, 1, now(), gen_random_uuid(), now(), gen_random_uuid()
                    from cluster where project_id = %1$d and software = 'many';
                insert into cluster_function (function_id, cluster_id, variants)
                    select n.id, k.id, 1 from cluster k join function_name n on n.project_id = k.project_id
                    where k.project_id = %1$d and k.software = 'many'
                        and n.name = case when k.id %% 3 = 0 then 'many_one' else 'many_two' end;
                insert into cluster_count (project_id, release_id, hardware, days, day, cluster_id, crashes, devices, device_days)
                    select %1$d, r.id, null, 0, null, k.id, 1, 1, 1 from cluster k join release r on r.project_id = k.project_id
                    where k.project_id = %1$d and k.software = 'many'
                        and r.version = case when k.id %% 5 = 0 then '9.1' else '9.2' end;
                """.formatted(project.id());
        try (var connection = database.getConnection();
                var statement = connection.createStatement()) {
            statement.execute(many);
        }
        String wanted = " state:resolved";
        List<String> resolved = found("panic" + wanted);
        assertThat(resolved).hasSize(25);
        List<String> two = found("fn:many_two" + wanted);
        List<String> one = found("fn:many_one" + wanted);
        assertThat(two).doesNotContainAnyElementsOf(one);
        assertThat(Stream.concat(one.stream(), two.stream())).containsExactlyInAnyOrderElementsOf(resolved);
        List<String> first = found("release:9.1" + wanted);
        List<String> second = found("release:9.2" + wanted);
        assertThat(second).doesNotContainAnyElementsOf(first);
        assertThat(Stream.concat(first.stream(), second.stream())).containsExactlyInAnyOrderElementsOf(resolved);
        assertThat(found("fn:many_two release:9.2" + wanted))
                .containsExactlyElementsOf(two.stream().filter(second::contains).toList());
        assertThat(found("fn:many_two -release:9.2" + wanted))
                .containsExactlyElementsOf(two.stream().filter(first::contains).toList());
    }

    @Test
    void releaseAndHardwareAreOfOneCrash() {
        assertThat(found("release:2.4.* hw:rev-c")).containsExactly("radio_send");
        assertThat(found("release:2.5.0 hw:rev-c")).isEmpty();
    }

    @Test
    void hostileValuesAreValues() {
        for (String hostile : List.of("'", "');drop table cluster;--", "\\\\", "$1", "?", "%s", "{}", "\u2028")) {
            assertThat(found("\"" + hostile + "\" fn:\"" + hostile + "\""))
                    .as(hostile)
                    .isEmpty();
        }
        assertThat(found("")).hasSize(4);
    }

    @Test
    void crashesOfAClusterArePagedWhole() throws SQLException {
        for (int i = 0; i < 30; i++) {
            crash(stack("paged", "b", "c", "d" + i % 7).of("SN-" + i % 3, "rev-" + i % 2), i * 11 % 17);
        }
        String cluster = clusters.list(project.id(), ClusterQuery.all(50), NOW).items().stream()
                .filter(row -> row.signature().contains("paged"))
                .map(row -> row.id().toString())
                .findFirst()
                .orElseThrow();
        assertThat(paged("cluster:" + cluster)).hasSize(30).doesNotHaveDuplicates();
        assertThat(paged("cluster:" + cluster + " hw:rev-1")).hasSize(15).doesNotHaveDuplicates();
        assertThat(paged("paged -device:SN-0 fn:d*")).hasSize(20).doesNotHaveDuplicates();
    }

    private List<String> paged(String query) {
        List<String> ids = new ArrayList<>();
        String after = null;
        do {
            var request = given().queryParam("q", query).queryParam("limit", 4);
            var page = (after == null ? request : request.queryParam("after", after))
                    .get("/api/v1/projects/" + project.name() + "/crashes")
                    .jsonPath();
            List<String> times = page.getList("items.effectiveAt");
            assertThat(times).isSortedAccordingTo(Comparator.reverseOrder());
            ids.addAll(page.getList("items.id"));
            after = page.getString("next");
        } while (after != null);
        return ids;
    }

    @Test
    void theSameLanguageIsSpokenOverHttp() {
        String path = "/api/v1/projects/" + project.name();
        given().queryParam("q", "fn:radio_* release:2.4.*")
                .get(path + "/clusters")
                .then()
                .body("items.size()", equalTo(1))
                .body("items[0].crashes", equalTo(2));
        given().queryParam("q", "fn:radio_* release:2.4.*")
                .get(path + "/crashes")
                .then()
                .body("items.size()", equalTo(1))
                .body("items[0].device", equalTo("SN-1"));
        given().queryParam("q", "colour:red")
                .get(path + "/clusters")
                .then()
                .statusCode(400)
                .body("detail", containsString("q at 1: found colour:, wanted one of release:"))
                .body("position", equalTo(0));
        given().queryParam("q", "devices:>10")
                .get(path + "/crashes")
                .then()
                .statusCode(400)
                .body("detail", containsString("device:"));
        given().get("/projects/" + project.name() + "/clusters?q=fn:radio_*")
                .then()
                .body(containsString("radio_send"))
                .body(containsString("value=\"fn:radio_*\""));
        given().get("/projects/" + project.name() + "/crashes?q=colour:red")
                .then()
                .body(containsString("The search can not be read at 1: found colour:"));
    }
}
