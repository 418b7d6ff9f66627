package dev.faultline.heartbeat;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import dev.faultline.cluster.Crashes;
import dev.faultline.fleet.ActiveFleets;
import dev.faultline.ops.PostgresResource;
import dev.faultline.ops.Transactions;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
class HeartbeatsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectMapper CBOR = new ObjectMapper(new CBORFactory());

    @Inject
    Crashes crashes;

    @Inject
    Transactions transactions;

    @Inject
    DayPartitions partitions;

    @Inject
    ActiveFleets activeFleets;

    private Crashes.TestProject project;

    @BeforeEach
    void aProjectOfItsOwn() throws SQLException {
        project = crashes.project();
    }

    private ValidatableResponse post(byte[] body) {
        return given().contentType("application/octet-stream")
                .body(body)
                .post("/api/v1/projects/" + project.name() + "/heartbeats")
                .then();
    }

    private ValidatableResponse post(String body) {
        return post(body.getBytes(StandardCharsets.UTF_8));
    }

    private ValidatableResponse get(String path) {
        return given().get("/api/v1/projects/" + project.name() + path).then().statusCode(200);
    }

    @Test
    void aHeartbeatIsTakenOnceHoweverOftenItComes() {
        String beat = """
                {"device": "SN-1", "software": "main-fw", "version": "2.4.0", "boot": 7, "sequence": 1, "interval": 3600}
                """;
        post(beat).statusCode(202).body("accepted", equalTo(1)).body("duplicates", equalTo(0));
        post(beat).statusCode(202).body("accepted", equalTo(0)).body("duplicates", equalTo(1));
        post("[" + beat + "," + beat.replace("7", "8") + "]")
                .statusCode(202)
                .body("accepted", equalTo(1))
                .body("duplicates", equalTo(1));
        get("/exposure?software=main-fw&version=2.4.0")
                .body("deviceHours", equalTo(2.0f))
                .body("crashFreeHours", equalTo(2.0f))
                .body("source", equalTo("heartbeats"))
                .body("estimated", equalTo(false))
                .body("devices", equalTo(1));
    }

    @Test
    void whatIsWrongIsNamedByItsPlaceAndTheOthersAreKept() {
        post("""
                        [{"device": "SN-1", "software": "main-fw", "version": "1", "boot": "a", "sequence": 1},
                         {"device": "SN-1", "software": "main-fw", "boot": "a", "sequence": 2},
                         17,
                         {"device": "SN-1", "software": "main-fw", "version": "1", "boot": "a", "sequence": 3,
                          "metrics": {"heap": "much"}},
                         {"device": "SN-1", "software": "main-fw", "version": "1", "boot": "a", "sequence": 4}]
                        """)
                .statusCode(202)
                .body("accepted", equalTo(2))
                .body("rejected.index", equalTo(List.of(1, 2, 3)))
                .body("rejected[0].problem", equalTo("version is missing"))
                .body("rejected[1].problem", equalTo("found a number, wanted an object"))
                .body("rejected[2].problem", equalTo("heap: found a text, wanted a number"));
    }

    @Test
    void whereNothingCanBeTakenTheAnswerIsAProblem() {
        post("{\"device\": \"SN-1\"}")
                .statusCode(400)
                .body("type", equalTo("urn:faultline:problem:heartbeats-rejected"))
                .body("rejected", hasSize(1));
    }

    @Test
    void numbersThatAreNotFiniteAndMetricsOfReservedNamesAreNotTaken() throws IOException {
        byte[] infinite = CBOR.writeValueAsBytes(Map.of(
                "device",
                "SN-1",
                "software",
                "main-fw",
                "version",
                "1",
                "boot",
                1,
                "sequence",
                1,
                "metrics",
                Map.of("heap", Double.POSITIVE_INFINITY)));
        post(infinite).statusCode(400).body("detail", containsString("heap: found a number that is not finite"));
        post("""
                        {"device": "SN-1", "software": "main-fw", "version": "1", "boot": 1, "sequence": 1,
                         "metrics": {"reboot.watchdog": 1}}
                        """).statusCode(400).body("detail", containsString("names with reboot. are those of reboots"));
    }

    @Test
    void jsonCborLinesAndPackedBodiesSayTheSame() throws IOException {
        String first = """
                {"device": "SN-1", "software": "main-fw", "version": "1", "boot": "b", "sequence": 1, "interval": 1800}""";
        String second = first.replace("\"sequence\": 1", "\"sequence\": 2");
        post(first + "\n" + second + "\n").statusCode(202).body("accepted", equalTo(2));
        byte[] cbor = CBOR.writeValueAsBytes(JSON.readTree("[" + first + "," + second + "]"));
        post(cbor).statusCode(202).body("duplicates", equalTo(2));
        post(gzip(cbor)).statusCode(202).body("duplicates", equalTo(2));
        given().header("Content-Encoding", "gzip")
                .contentType("application/cbor")
                .body(gzip(cbor))
                .post("/api/v1/projects/" + project.name() + "/heartbeats")
                .then()
                .statusCode(202)
                .body("duplicates", equalTo(2));
    }

    @Test
    void aBodyThatEndsEarlyIsRefusedWhole() {
        post("""
                        [{"device": "SN-1", "software": "main-fw", "version": "1", "boot": "b", "sequence": 1}, {"device": "SN-2"
                        """)
                .statusCode(400)
                .body("type", equalTo("urn:faultline:problem:broken-heartbeats"))
                .body("detail", startsWith("Heartbeat 1 can not be read, and none was taken"));
        get("/devices").body("items", hasSize(0));
    }

    @Test
    void tooManyAreRefusedWhole() {
        post("[" + "0,".repeat(HeartbeatLimits.BATCH) + "0]")
                .statusCode(413)
                .body("detail", equalTo("The body holds more than 5000 heartbeats, and none was taken"));
    }

    @Test
    void aHeartbeatMayBeThirtyDaysLateAndNoMore() {
        Instant now = Instant.now();
        String late = beat(1, now.minus(Duration.ofDays(30)).plusSeconds(60));
        String tooLate = beat(2, now.minus(Duration.ofDays(30)).minusSeconds(60));
        post("[" + late + "," + tooLate + "]")
                .statusCode(202)
                .body("accepted", equalTo(1))
                .body("rejected[0].index", equalTo(1))
                .body("rejected[0].problem", equalTo("at: more than 30 days ago; without a clock, leave it out"));
    }

    @Test
    void aClockThatIsAheadCountsAsNowAndIsTold() {
        Instant ahead = Instant.now().plus(Duration.ofHours(5));
        post(beat(1, ahead)).statusCode(202).body("clocksAhead", equalTo(1));
        post(beat(1, ahead)).statusCode(202).body("duplicates", equalTo(1)).body("clocksAhead", equalTo(0));
        Instant at = Instant.parse(get("/devices/SN-1").extract().jsonPath().getString("lastHeartbeat.at"));
        assertThat(at).isBetween(Instant.now().minusSeconds(60), Instant.now());
    }

    private static String beat(int sequence, Instant at) {
        return """
                {"device": "SN-1", "software": "main-fw", "version": "1", "boot": "b", "sequence": %d, "at": "%s"}
                """.formatted(sequence, at.truncatedTo(ChronoUnit.MILLIS));
    }

    @Test
    void epochSecondsAreATimeToo() {
        Instant at = Instant.now().minus(Duration.ofHours(1)).truncatedTo(ChronoUnit.SECONDS);
        post(beat(1, at).replace("\"" + at + "\"", Long.toString(at.getEpochSecond())))
                .statusCode(202);
        get("/devices/SN-1").body("lastHeartbeat.at", equalTo(at.toString()));
    }

    @Test
    void metricsBeyondTheProjectsQuotaAreLeftOutAndTheHoursAreKept() {
        var body = new StringBuilder();
        for (int beat = 0; beat < 9; beat++) {
            body.append("""
                    {"device": "SN-1", "software": "main-fw", "version": "1", "boot": "b", "sequence": %d, "interval": 60, "metrics": {
                    """.formatted(beat));
            for (int metric = 0; metric < HeartbeatLimits.ENTRIES; metric++) {
                body.append(metric == 0 ? "" : ",").append("\"m_%d\": 1".formatted(beat * 100 + metric));
            }
            body.append("}}\n");
        }
        post(body.toString()).statusCode(202).body("accepted", equalTo(9)).body("metricsLeftOut", hasSize(20));
        get("/metrics").body("items", hasSize(500));
        get("/exposure").body("deviceHours", equalTo(0.15f));
    }

    @Test
    void metricsHaveMeanAndDeviationByRelease() {
        for (int value : List.of(10, 20, 30)) {
            post("""
                            {"device": "SN-1", "software": "main-fw", "version": "1", "boot": "b", "sequence": %d, "interval": 60,
                             "hardware": "rev-b", "metrics": {"heap_free": %d}, "reboots": {"watchdog": 2}}
                            """.formatted(value, value)).statusCode(202);
        }
        get("/metrics?software=main-fw&version=1&hardware=rev-b")
                .body("items.name", equalTo(List.of("heap_free", "reboot.watchdog")))
                .body("items[0].count", equalTo(3))
                .body("items[0].mean", equalTo(20.0f))
                .body("items[0].deviation", equalTo(10.0f))
                .body("items[0].least", equalTo(10.0f))
                .body("items[0].greatest", equalTo(30.0f))
                .body("items[1].sum", equalTo(6.0f));
        get("/metrics?software=main-fw&version=2").body("items", hasSize(0));
    }

    @Test
    void anIntervalWithAnUnexpectedRebootIsNotFreeOfCrashesUnlessTheDeviceSaysHowMuchIs() {
        post("""
                [{"device": "SN-1", "software": "main-fw", "version": "1", "boot": 1, "sequence": 1, "interval": 3600,
                  "reboots": {"firmware-update": 1, "power-on": 1}},
                 {"device": "SN-2", "software": "main-fw", "version": "1", "boot": 1, "sequence": 1, "interval": 3600,
                  "reboots": {"watchdog": 1}},
                 {"device": "SN-3", "software": "main-fw", "version": "1", "boot": 1, "sequence": 1, "interval": 3600,
                  "reboots": {"watchdog": 1}, "crashFree": 1800}]
                """).statusCode(202);
        get("/exposure").body("deviceHours", equalTo(3.0f)).body("crashFreeHours", equalTo(1.5f));
    }

    @Test
    void aDeviceTellsWhatItRanSinceWhenAndHowItRebooted() {
        Instant day = LocalDate.ofInstant(Instant.now(), ZoneOffset.UTC)
                .minusDays(3)
                .atStartOfDay()
                .toInstant(ZoneOffset.UTC);
        String beat = """
                {"device": "SN/1 a", "software": "main-fw", "version": "%s", "boot": "b", "sequence": %d, "at": "%s", "hardware": "%s",
                 "cohort": "beta", "interval": 3600, "uptime": 7200.5, "attributes": {"region": "%s"}, "reboots": {"%s": 1}}
                """;
        post(beat.formatted("1.1", 3, day.plusSeconds(7200), "rev-b", "north", "firmware-update"))
                .statusCode(202);
        post(beat.formatted("1.0", 1, day, "rev-a", "south", "brownout")).statusCode(202);
        post(beat.formatted("1.0", 2, day.plusSeconds(3600), "rev-a", "south", "watchdog"))
                .statusCode(202);
        get("/devices/SN/1 a")
                .body("device.hardware", equalTo("rev-b"))
                .body("device.version", equalTo("1.1"))
                .body("device.cohort", equalTo("beta"))
                .body("device.attributes.region", equalTo("north"))
                .body("history.version", equalTo(List.of("1.1", "1.0")))
                .body("history.since", equalTo(List.of(day.plusSeconds(7200).toString(), day.toString())))
                .body("lastHeartbeat.sequence", equalTo(3))
                .body("lastHeartbeat.uptime", equalTo(7200.5f))
                .body(
                        "reboots.reasons",
                        equalTo(List.of(Map.of("firmware-update", 1), Map.of("watchdog", 1), Map.of("brownout", 1))))
                .body("crashes", equalTo("/api/v1/projects/" + project.name() + "/crashes?device=SN%2F1+a"));
        get("/devices").body("items.name", equalTo(List.of("SN/1 a")));
    }

    @Test
    void devicesAreListedByNamePageByPage() {
        post("c b a"
                        .lines()
                        .flatMap(names -> List.of(names.split(" ")).stream())
                        .map(name -> """
                                {"device": "%s", "software": "main-fw", "version": "1", "boot": "b", "sequence": 1}
                                """.formatted(name))
                        .reduce("", String::concat))
                .statusCode(202);
        get("/devices?limit=2").body("items.name", equalTo(List.of("a", "b"))).body("next", equalTo("b"));
        get("/devices?limit=2&after=b")
                .body("items.name", equalTo(List.of("c")))
                .body("next", nullValue());
        given().get("/api/v1/projects/" + project.name() + "/devices/nobody")
                .then()
                .statusCode(404);
    }

    @Test
    void aDeviceHasItsShareOfTheDayAndNoMore() {
        var body = new StringBuilder("[");
        for (int sequence = 0; sequence < 5000; sequence++) {
            body.append(sequence == 0 ? "" : ",").append("""
                    {"device":"SN-1","software":"s","version":"1","boot":"b","sequence":%d}""".formatted(sequence));
        }
        post(body + "]").statusCode(202).body("accepted", equalTo(5000));
        post("""
                [{"device": "SN-1", "software": "s", "version": "1", "boot": "b", "sequence": 6000},
                 {"device": "SN-2", "software": "s", "version": "1", "boot": "b", "sequence": 1}]
                """)
                .statusCode(202)
                .body("accepted", equalTo(1))
                .body(
                        "rejected[0].problem",
                        equalTo("device: it sent more than 5000 heartbeats today; send it again tomorrow"));
    }

    @Test
    void partitionsOfDaysBeyondTheRetentionAreDropped() {
        Instant later = Instant.now().plus(Duration.ofDays(200));
        post(beat(1, Instant.now())).statusCode(202);
        partitions.keep(later);
        try {
            assertThat(partitions())
                    .contains("heartbeat_" + name(later))
                    .doesNotContain("heartbeat_" + name(Instant.now()));
            get("/devices/SN-1").body("lastHeartbeat", nullValue()).body("history", hasSize(1));
        } finally {
            partitions.keep(Instant.now());
        }
        post(beat(2, Instant.now())).statusCode(202);
    }

    @Test
    void devicesThatSendHeartbeatsAreActiveOnes() {
        post(beat(1, Instant.now()).replace("\"boot\"", "\"hardware\": \"rev-b\", \"boot\""))
                .statusCode(202);
        assertThat(activeFleets.of(project.id()).byHardware()).isEqualTo(Map.of("rev-b", 1L));
    }

    @Test
    void noBodyIsABugOfOurs() throws IOException {
        byte[] json = ("[" + beat(1, Instant.now()).replace("\"boot\"", """
                "metrics": {"heap": 1.5}, "reboots": {"watchdog": 1}, "attributes": {"a": "b"}, "interval": 9, "boot"\
                """) + "]").getBytes(StandardCharsets.UTF_8);
        byte[] cbor = CBOR.writeValueAsBytes(JSON.readTree(json));
        var random = new Random(7);
        for (int round = 0; round < 400; round++) {
            byte[] body = (round % 2 == 0 ? json : cbor).clone();
            for (int change = 0; change <= random.nextInt(4); change++) {
                body[random.nextInt(body.length)] = (byte) random.nextInt(256);
            }
            assertThat(post(body).extract().statusCode()).isIn(202, 400, 413);
        }
        for (String path : List.of("/devices/a%00b", "/devices?after=%00")) {
            int status = given().urlEncodingEnabled(false)
                    .get("/api/v1/projects/" + project.name() + path)
                    .statusCode();
            assertThat(status).isIn(400, 404);
        }
    }

    private static String name(Instant at) {
        return LocalDate.ofInstant(at, ZoneOffset.UTC).toString().replace("-", "");
    }

    private List<String> partitions() {
        return transactions.read(connection -> {
            try (var query = connection.createStatement();
                    var row = query.executeQuery("select relname from pg_class where relname like 'heartbeat\\_2%'")) {
                var names = new ArrayList<String>();
                while (row.next()) {
                    names.add(row.getString(1));
                }
                return names;
            }
        });
    }

    private static byte[] gzip(byte[] plain) throws IOException {
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write(plain);
        }
        return packed.toByteArray();
    }
}
