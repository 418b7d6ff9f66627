package dev.faultline.pipeline;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import dev.faultline.Fixtures;
import dev.faultline.crash.CrashQueue;
import dev.faultline.crash.Job;
import dev.faultline.ops.PostgresResource;
import dev.faultline.ops.Transactions;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
class ProcessingTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String BUILD = "main-fw-1.0.0-rev-a";

    /** A project of each test's own: symbols and clusters of others do not matter. */
    private final String project = "p-" + UUID.randomUUID();

    @Inject
    Transactions transactions;

    @Inject
    CrashQueue queue;

    @Inject
    Verifier verifier;

    @BeforeEach
    void createProject() {
        transactions.durable(connection -> {
            try (var insert = connection.prepareStatement("insert into project (name) values (?)")) {
                insert.setString(1, project);
                return insert.executeUpdate();
            }
        });
    }

    @Test
    void theLogBesideACoredumpAndTheOneInItsMemoryAreOne() throws Exception {
        uploadElf(BUILD).then().statusCode(201);
        String id = given().multiPart("coredump", "core", Fixtures.coredump(BUILD + "-unknown-channel"))
                .multiPart(
                        "log", "log.txt", "[5] I boot\n[1] I hello\n[999999] E after".getBytes(StandardCharsets.UTF_8))
                .queryParam("device", "SN-LOG")
                .post("/api/v1/projects/" + project + "/crashes")
                .path("crashId");

        var report = processed(id, "processed");

        assertThat(report.getList("logs.origins.flatten()", String.class)).contains("upload", "faultline_log");
        assertThat(report.<String>getList("logs.text"))
                .containsSubsequence("scheduler starts", "boot", "hello", "batch: 3 readings, -14 / 12", "after");
    }

    @Test
    void aLogBufferThatIsNamedLaterIsReadThen() throws Exception {
        given().body(Fixtures.logs("elf/chunk-m3.elf"))
                .post(path("symbols?software=chunk&version=1.0.0"))
                .then()
                .statusCode(201);
        String id = upload("KB-0001", Fixtures.logs("coredumps/chunk-m3.core"));
        assertThat(processed(id, "processed").getList("logs.origins.flatten()", String.class))
                .containsOnly("s_memfault_ram_logger");

        given().contentType("application/json")
                .body("{\"items\":[{\"symbol\":\"console\",\"head\":\"console_head\"}]}")
                .put(path("log-buffers"))
                .then()
                .statusCode(200);

        await(
                "the crash is read again",
                () -> given().get(path("crashes/" + id))
                        .jsonPath()
                        .getList("logs.origins.flatten()", String.class)
                        .contains("console"));
        given().get(path("log-buffers"))
                .then()
                .body("items", hasSize(1))
                .body("items[0].symbol", equalTo("console"))
                .body("items[0].head", equalTo("console_head"));
    }

    @Test
    void aLogBufferNeedsTheNameOfAVariable() {
        for (var body : List.of(
                "{}",
                "{\"items\":[{}]}",
                "{\"items\":[{\"symbol\":\"a b\"}]}",
                "{\"items\":[{\"symbol\":\"a\"},{\"symbol\":\"a\"}]}")) {
            given().contentType("application/json")
                    .body(body)
                    .put(path("log-buffers"))
                    .then()
                    .statusCode(400)
                    .body("type", containsString("bad-log-buffers"));
        }
    }

    @Test
    void withSymbolsACrashShowsTheStackThatGdbShows() throws Exception {
        uploadElf(BUILD).then().statusCode(201);

        var report = processed(upload("SN-1", Fixtures.coredump(BUILD + "-unknown-channel")), "processed");

        assertThat(report.<String>getList("threads[0].frames.function"))
                .isEqualTo(expectedFunctions(BUILD + "-unknown-channel"));
        assertThat(report.getString("reason")).isEqualTo("null-deref");
        assertThat(report.getString("cluster.id")).startsWith("C-");
        assertThat(report.getString("identity.version")).isEqualTo("1.0.0");
        assertThat(report.getMap("registers").keySet().stream()
                        .map(String::valueOf)
                        .toList())
                .startsWith("r0", "r1", "r2");
    }

    @Test
    void aCrashBeforeItsSymbolsWaitsAndIsProcessedWhenTheyArrive() throws Exception {
        String id = upload("SN-1", Fixtures.coredump(BUILD + "-unknown-channel"));
        var waiting = processed(id, "needs-symbols");
        String buildId = waiting.getString("missingSymbols[0].buildId");
        given().get(path("symbols/missing"))
                .then()
                .statusCode(200)
                .body("items", hasSize(1))
                .body("items[0].buildId", equalTo(buildId))
                .body("items[0].crashes", equalTo(1))
                .body("items[0].devices", equalTo(1))
                .body(
                        "items[0].command",
                        equalTo("faultline symbols upload FILE --software=main-fw --version=1.0.0 --project="
                                + project));

        uploadElf(BUILD)
                .then()
                .statusCode(201)
                .body("buildId", equalTo(buildId))
                .body("released", equalTo(1));

        var report = processed(id, "processed");
        assertThat(report.<String>getList("threads[0].frames.function"))
                .isEqualTo(expectedFunctions(BUILD + "-unknown-channel"));
        assertThat(report.getString("cluster.id")).isNotEqualTo(waiting.getString("cluster.id"));
        given().get(path("symbols/missing")).then().body("items", hasSize(0));
    }

    @Test
    void processingAgainLeavesTheCountsExact() throws Exception {
        for (int i = 0; i < 3; i++) {
            processed(upload("SN-" + i, Fixtures.coredump(BUILD + "-brownout")), "needs-symbols");
        }

        uploadElf(BUILD).then().statusCode(201).body("released", equalTo(3));
        await("every crash is processed", () -> list("state=processed").size() == 3);
        uploadElf(BUILD).then().statusCode(200).body("released", equalTo(0));

        assertThat(number("select sum(d.crashes) from variant_day d join variant v on v.id = d.variant_id"
                        + " join project p on p.id = v.project_id where p.name = ?"))
                .isEqualTo(3);
        assertThat(number("select count(distinct variant_id) from crash c join project p on p.id = c.project_id"
                        + " where p.name = ?"))
                .isEqualTo(1);
    }

    @Test
    void everyCoredumpOfAnUploadIsACrashOfItsOwn() throws Exception {
        byte[] log = Fixtures.format("main-fw-1.2.0-rev-b-two-crashes.zephyr-log");
        String id = upload("SN-1", log);

        processed(id, "processed");
        await("the second one is there", () -> list("state=processed").size() == 2);

        var first = given().get(path("crashes/" + id)).jsonPath();
        assertThat(first.getInt("upload.ordinal")).isEqualTo(1);
        assertThat(first.getInt("upload.coredumps")).isEqualTo(2);
        String sibling = first.getString("upload.siblings[0].id");
        var second = given().get(path("crashes/" + sibling)).jsonPath();
        assertThat(second.getInt("upload.ordinal")).isEqualTo(2);
        assertThat(second.getString("upload.siblings[0].id")).isEqualTo(id);
        assertThat(first.getString("threads[0].frames[0].pc")).isEqualTo("0x00000926");
        assertThat(second.getString("threads[0].frames[0].pc")).isEqualTo("0x000013fe");
        given().get("/projects/" + project + "/crashes/" + sibling)
                .then()
                .statusCode(200)
                .body(containsString("coredump 2 of 2"))
                .body(containsString("/projects/" + project + "/crashes/" + id));
        given().contentType("application/octet-stream")
                .queryParam("device", "SN-1")
                .body(log)
                .post(path("crashes"))
                .then()
                .statusCode(200)
                .body("crashId", equalTo(id))
                .body("disposition", equalTo("duplicate"));
    }

    @Test
    void everyCoredumpOfAZipArchiveIsACrashOfItsOwn() throws Exception {
        var archive = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(archive)) {
            for (String name : List.of("main-fw-1.0.0-rev-a-brownout", "main-fw-1.0.0-rev-a-unknown-channel")) {
                zip.putNextEntry(new ZipEntry("monday/" + name + ".core"));
                zip.write(Fixtures.coredump(name));
            }
            zip.putNextEntry(new ZipEntry("monday/README.txt"));
            zip.write("from the test rack".getBytes(StandardCharsets.UTF_8));
        }
        uploadElf(BUILD).then().statusCode(201);

        String id = upload("SN-1", archive.toByteArray());

        var first = processed(id, "processed");
        await("the second one is there", () -> list("state=processed").size() == 2);
        assertThat(first.<String>getList("threads[0].frames.function"))
                .isEqualTo(expectedFunctions("main-fw-1.0.0-rev-a-brownout"));
        assertThat(first.<String>getList("warnings")).contains("monday/README.txt in the archive is no coredump");
        var second = given().get(path("crashes/" + first.getString("upload.siblings[0].id")))
                .jsonPath();
        assertThat(second.<String>getList("threads[0].frames.function"))
                .isEqualTo(expectedFunctions("main-fw-1.0.0-rev-a-unknown-channel"));
    }

    @Test
    void aCrashThatNamesItsBuildByTheHashOfItsFileWaitsForThatFile() throws Exception {
        byte[] elf = Fixtures.elf(BUILD);
        String hash = HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(elf))
                .substring(0, 9);
        String id = upload("SN-1", """
                {"format": "faultline-crash-1", "architecture": "arm-cortex-m", "elfSha256": "%s", "frames": ["0x926"]}
                """.formatted(hash).getBytes(StandardCharsets.UTF_8));
        var waiting = processed(id, "needs-symbols");
        assertThat(waiting.getString("missingSymbols[0].buildId")).isEqualTo("sha256:" + hash);

        uploadElf(BUILD).then().statusCode(201).body("released", equalTo(1));

        var report = processed(id, "processed");
        assertThat(report.getString("threads[0].frames[0].function")).isNotNull();
        assertThat(report.getString("identity.buildId")).isNotNull();
    }

    @Test
    void aCoredumpWithNothingInItIsSetAsideWithTheReason() throws Exception {
        String id = upload("SN-1", Fixtures.hostile("core-truncated-in-elf-header.core"));

        var crash = processed(id, "quarantined");

        assertThat(crash.getString("stateReason"))
                .contains("ELF header at 0x0+0x24")
                .contains("outside its 0x28 bytes");
        byte[] bytes = given().get(path("crashes/" + id + "/coredump")).asByteArray();
        assertThat(bytes).isEqualTo(Fixtures.hostile("core-truncated-in-elf-header.core"));
    }

    @Test
    void everyHostileCoredumpEndsInAStateAndNoneStopsTheOthers() throws Exception {
        List<String> names = List.of(
                "core-5000-threads.core",
                "core-gzip-bomb-256-mib.core.gz",
                "core-gzip-truncated.core.gz",
                "core-identity-note-past-end.core",
                "core-log-capacity-4gib.core",
                "core-phnum-65535-no-section-header.core",
                "core-segments-overlap.core",
                "core-truncated-in-memory.core");
        for (String name : names) {
            upload(name, Fixtures.hostile(name));
        }
        String good = upload("SN-1", Fixtures.coredump(BUILD + "-brownout"));

        processed(good, "needs-symbols");
        await("none is queued any more", () -> list("state=queued").isEmpty());
        assertThat(list("limit=50")).hasSize(names.size() + 1);
    }

    @Test
    void aCrashThatLostItsJobGetsANewOne() throws Exception {
        String id = upload("SN-1", Fixtures.coredump(BUILD + "-brownout"));
        processed(id, "needs-symbols");
        transactions.durable(connection -> {
            try (var update = connection.prepareStatement(
                    "update crash set state = 'queued', received_at = now() - interval '5 minutes' where id = ?")) {
                update.setObject(1, UUID.fromString(id));
                return update.executeUpdate();
            }
        });

        verifier.verifyQueue(Instant.now());

        processed(id, "needs-symbols");
    }

    @Test
    void aWorkerThatWasTooSlowWritesNothing() throws Exception {
        String id = upload("SN-1", Fixtures.coredump(BUILD + "-brownout"));
        processed(id, "needs-symbols");
        // far enough in the future that no worker takes it meanwhile
        var later = Instant.now().plus(Duration.ofDays(400));
        transactions.durable(connection -> {
            queue.again(connection, UUID.fromString(id), later);
            return id;
        });
        var slow = claimed(id, later.plusSeconds(1));
        var quick = claimed(id, later.plus(Duration.ofHours(1)));

        assertThat(transactions.<Boolean>durable(connection -> queue.end(connection, slow)))
                .isFalse();
        assertThat(transactions.<Boolean>durable(connection -> queue.end(connection, quick)))
                .isTrue();
    }

    @Test
    void whatAKilledRunHadOnLeaseIsTakenBackAndItsAttemptCounts() throws Exception {
        String id = upload("SN-1", Fixtures.coredump(BUILD + "-brownout"));
        processed(id, "needs-symbols");
        // far enough in the future that no worker takes it meanwhile
        var later = Instant.now().plus(Duration.ofDays(400));
        transactions.durable(connection -> {
            queue.again(connection, UUID.fromString(id), later);
            return id;
        });
        var killed = claimed(id, later.plusSeconds(1));
        assertThat(queue.claim(1000, later.plusSeconds(2)))
                .noneMatch(job -> job.crash().equals(killed.crash()));

        assertThat(queue.takeBack()).isPositive();

        var again = claimed(id, later.plusSeconds(2));
        assertThat(again.attempt()).isEqualTo(killed.attempt() + 1);
        assertThat(transactions.<Boolean>durable(connection -> queue.end(connection, killed)))
                .isFalse();
        assertThat(transactions.<Boolean>durable(connection -> queue.end(connection, again)))
                .isTrue();
    }

    @Test
    void theListIsFilteredAndPaged() throws Exception {
        for (int i = 0; i < 5; i++) {
            upload("SN-" + i, Fixtures.coredump(BUILD + "-brownout"));
        }
        await("every crash is processed", () -> list("state=needs-symbols").size() == 5);

        var first = given().get(path("crashes?limit=3"))
                .then()
                .body("items", hasSize(3))
                .extract()
                .jsonPath();
        var second = given().queryParam("after", first.getString("next"))
                .get(path("crashes?limit=3"))
                .then()
                .body("items", hasSize(2))
                .extract()
                .jsonPath();

        assertThat(second.getString("next")).isNull();
        List<String> ids = new ArrayList<>(first.<String>getList("items.id"));
        ids.addAll(second.getList("items.id"));
        assertThat(ids).doesNotHaveDuplicates().hasSize(5);
        // the dump's own word for the device wins over the upload's
        assertThat(list("device=" + first.getString("items[0].device"))).hasSize(5);
        assertThat(list("device=SN-3")).isEmpty();
        assertThat(list("release=1.0.0")).hasSize(5);
        assertThat(list("hardware=rev-b")).isEmpty();
        assertThat(list("cluster=" + first.getString("items[0].cluster.id"))).hasSize(5);
        given().get(path("crashes?state=lost")).then().statusCode(400).body("detail", containsString("found lost"));
    }

    private Job claimed(String crash, Instant at) {
        return queue.claim(1000, at).stream()
                .filter(job -> job.crash().toString().equals(crash))
                .findFirst()
                .orElseThrow();
    }

    private JsonPath processed(String id, String state) throws InterruptedException {
        await(
                id + " is " + state,
                () -> state.equals(given().get(path("crashes/" + id)).path("state")));
        return given().get(path("crashes/" + id)).jsonPath();
    }

    private List<String> list(String query) {
        return given().get(path("crashes?" + query))
                .then()
                .statusCode(200)
                .extract()
                .path("items.id");
    }

    private String upload(String device, byte[] dump) {
        return given().contentType("application/octet-stream")
                .queryParam("device", device)
                .body(dump)
                .post(path("crashes"))
                .then()
                .statusCode(202)
                .extract()
                .path("crashId");
    }

    private Response uploadElf(String build) throws IOException {
        return given().contentType("application/octet-stream")
                .body(Fixtures.elf(build))
                .post(path("symbols"));
    }

    private String path(String rest) {
        return "/api/v1/projects/" + project + "/" + rest;
    }

    private long number(String sql) {
        return transactions.read(connection -> {
            try (var select = connection.prepareStatement(sql)) {
                select.setString(1, project);
                try (var row = select.executeQuery()) {
                    row.next();
                    return row.getLong(1);
                }
            }
        });
    }

    private interface Condition {
        boolean holds();
    }

    private static void await(String what, Condition condition) throws InterruptedException {
        var end = Instant.now().plus(PATIENCE);
        while (!condition.holds()) {
            assertThat(Instant.now()).as(what).isBefore(end);
            Thread.sleep(50);
        }
    }

    /** The crashed thread's functions as gdb named them, innermost first. */
    private static List<String> expectedFunctions(String coredump) throws IOException {
        return Files.readAllLines(Fixtures.expected(coredump)).stream()
                .skip(1)
                .map(row -> row.split("\t", -1))
                .filter(row -> row[1].equals("1"))
                .map(row -> row[4])
                .toList();
    }
}
