package dev.faultline.outbox;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.faultline.cluster.Crashes;
import dev.faultline.ops.Fragment;
import dev.faultline.ops.PostgresResource;
import dev.faultline.ops.Transactions;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(Quiet.class)
@QuarkusTestResource(PostgresResource.class)
class WebhooksTest {
    private final Instant now = Instant.now();
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private volatile int answer = 200;

    @Inject
    Crashes crashes;

    @Inject
    Deliveries deliveries;

    @Inject
    Outbox outbox;

    @Inject
    Transactions transactions;

    private HttpServer receiver;
    private Crashes.TestProject project;
    private String base = "";

    private record Received(String path, Map<String, String> headers, String body) {
        JsonPath json() {
            return JsonPath.from(body);
        }
    }

    @BeforeEach
    void aReceiverAndAProject() throws IOException, SQLException {
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/", this::receive);
        receiver.start();
        project = crashes.project();
        base = "/api/v1/projects/" + project.name() + "/";
        // what other tests left to be posted
        transactions.durably(transaction -> Fragment.update(transaction, "delete from webhook_delivery"));
    }

    @AfterEach
    void noReceiver() {
        receiver.stop(0);
    }

    private void receive(HttpExchange exchange) throws IOException {
        Map<String, String> headers = new java.util.TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.getFirst()));
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        received.add(new Received(exchange.getRequestURI().toString(), headers, body));
        exchange.getResponseHeaders().set("Location", "/elsewhere");
        exchange.sendResponseHeaders(answer, -1);
        exchange.close();
    }

    private String url(String path) {
        return "http://127.0.0.1:" + receiver.getAddress().getPort() + path;
    }

    private ValidatableResponse save(String name, Map<String, ?> body) {
        return given().contentType("application/json")
                .body(body)
                .put(base + "webhooks/" + name)
                .then();
    }

    private ValidatableResponse posts() {
        return given().get(base + "webhooks/deliveries").then().statusCode(200);
    }

    /** Writes what a gate would, for two releases of which nothing is known: the first verdict is news. */
    private void verdict(String candidate) {
        for (String version : List.of("1.0", candidate)) {
            given().contentType("application/json")
                    .body(Map.of("software", "main-fw", "version", version))
                    .post(base + "releases");
        }
        given().contentType("application/json")
                .body(Map.of("software", "main-fw", "candidate", candidate, "baseline", "1.0"))
                .post(base + "gates/beta/evaluate")
                .then()
                .statusCode(200)
                .body("verdict", equalTo("INSUFFICIENT"));
    }

    private static String hmac(String secret, String text) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void aVerdictIsPostedOnceWithASignatureThatTheReceiverChecks() throws Exception {
        String secret = save("ota", Map.of("url", url("/hook?a=b")))
                .statusCode(200)
                .body("secret", notNullValue())
                .extract()
                .path("secret");
        verdict("1.1");
        verdict("1.1");
        deliveries.deliver(now.plusSeconds(5));
        deliveries.deliver(now.plusSeconds(600));
        assertThat(received).hasSize(1);
        Received post = received.getFirst();
        assertThat(post.path()).isEqualTo("/hook?a=b");
        String timestamp = post.headers().get("X-Faultline-Timestamp");
        assertThat(timestamp).isEqualTo(Long.toString(now.plusSeconds(5).getEpochSecond()));
        assertThat(post.headers().get("X-Faultline-Signature"))
                .isEqualTo("sha256=" + hmac(secret, timestamp + "." + post.body()));
        assertThat(post.headers().get("Content-Type")).startsWith("application/cloudevents+json");
        assertThat(post.json().getString("specversion")).isEqualTo("1.0");
        assertThat(post.json().getString("type")).isEqualTo("dev.faultline.gate.verdict");
        assertThat(post.json().getString("subject")).isEqualTo("main-fw 1.1");
        assertThat(post.json().getString("source")).isEqualTo("/projects/" + project.name() + "/gates/beta");
        assertThat(post.json().getString("data.verdict")).isEqualTo("INSUFFICIENT");
        assertThat(post.json().getString("data.previous")).isNull();
        assertThat(post.json().getString("data.run.decision.verdict")).isEqualTo("INSUFFICIENT");
        assertThat(post.json().getString("id")).isEqualTo(post.headers().get("X-Faultline-Event"));
        posts().body("items", hasSize(1))
                .body("items[0].state", equalTo("delivered"))
                .body("items[0].status", equalTo(200));
    }

    @Test
    void thatAPersonOverridesAVerdictIsToldToo() throws Exception {
        save("ota", Map.of("url", url("/hook")));
        verdict("1.1");
        int run = given().get(base + "gates/beta/runs").path("items[0].id");
        given().contentType("application/json")
                .body(Map.of("because", "a lab release"))
                .post(base + "gates/beta/runs/" + run + "/override")
                .then()
                .statusCode(200);
        verdict("1.1");
        deliveries.deliver(now.plusSeconds(5));
        assertThat(received).hasSize(2);
        Received told = received.stream()
                .filter(post -> "GO".equals(post.json().getString("data.verdict")))
                .findFirst()
                .orElseThrow();
        assertThat(told.json().getString("data.previous")).isEqualTo("INSUFFICIENT");
        assertThat(told.json().getString("data.run.override.because")).isEqualTo("a lab release");
    }

    @Test
    void theSecretIsShownOnceAndNotInTheDatabase() {
        String secret = save("ota", Map.of("url", url("/"))).extract().path("secret");
        save("ota", Map.of("url", url("/other"))).body("secret", nullValue());
        given().get(base + "webhooks")
                .then()
                .body("items[0].url", equalTo(url("/other")))
                .body("items[0].secret", nullValue());
        byte[] stored = transactions.read(connection -> {
            try (var query = Fragment.prepare(
                            connection, "select secret from webhook where project_id = ?", List.of(project.id()));
                    var row = query.executeQuery()) {
                row.next();
                return row.getBytes(1);
            }
        });
        assertThat(new String(stored, StandardCharsets.ISO_8859_1)).doesNotContain(secret);
        String rotated =
                save("ota", Map.of("url", url("/"), "rotate", true)).extract().path("secret");
        assertThat(rotated).isNotEqualTo(secret);
        save("ota", Map.of("url", url("/"), "secret", "short")).statusCode(400);
    }

    @Test
    void aReceiverThatFailsIsTriedAgainAndSeesTheSameEvent() throws Exception {
        save("ota", Map.of("url", url("/hook")));
        verdict("1.1");
        answer = 503;
        deliveries.deliver(now.plusSeconds(5));
        posts().body("items[0].state", equalTo("waiting"))
                .body("items[0].attempts", equalTo(1))
                .body("items[0].status", equalTo(503))
                .body("items[0].error", containsString("503"));
        deliveries.deliver(now.plusSeconds(6));
        assertThat(received).as("not at once").hasSize(1);
        answer = 204;
        deliveries.deliver(now.plusSeconds(60));
        assertThat(received).hasSize(2);
        assertThat(received.get(0).body()).isEqualTo(received.get(1).body());
        posts().body("items[0].state", equalTo("delivered")).body("items[0].attempts", equalTo(2));
    }

    @Test
    void afterADayAPostIsDeadUntilSomebodyReplaysIt() throws Exception {
        save("ota", Map.of("url", url("/hook")));
        verdict("1.1");
        receiver.stop(0);
        int attempts = 0;
        for (Duration at = Duration.ZERO; at.toHours() < 26; at = at.plusMinutes(10)) {
            deliveries.deliver(now.plus(at));
            attempts = posts().extract().path("items[0].attempts");
        }
        assertThat(attempts).isBetween(20, 60);
        int id = given().get(base + "webhooks/deliveries?state=dead")
                .then()
                .body("items", hasSize(1))
                .body("items[0].status", nullValue())
                .body("items[0].error", notNullValue())
                .extract()
                .path("items[0].id");
        given().post(base + "webhooks/deliveries/" + id + "/replay").then().statusCode(204);
        posts().body("items[0].state", equalTo("waiting")).body("items[0].attempts", equalTo(0));
        given().post(base + "webhooks/deliveries/" + id + "/replay").then().statusCode(409);
        given().post(base + "webhooks/deliveries/0/replay").then().statusCode(404);
    }

    @Test
    void whoDiesWithAPostLeavesItToTheNext() throws Exception {
        save("ota", Map.of("url", url("/hook")));
        verdict("1.1");
        // what a worker does before it posts
        transactions.durably(transaction -> Fragment.update(
                transaction,
                "update webhook_delivery set attempts = 1, next_at = ? where project_id = ?",
                now.plusSeconds(120),
                project.id()));
        deliveries.deliver(now.plusSeconds(60));
        assertThat(received).isEmpty();
        deliveries.deliver(now.plusSeconds(121));
        assertThat(received).hasSize(1);
    }

    @Test
    void whatIsRolledBackIsNotTold() throws Exception {
        save("ota", Map.of("url", url("/hook")));
        assertThatThrownBy(() -> transactions.durably(transaction -> {
                    var event = new Event("/projects/p", "t", "s", Map.of("a", 1));
                    outbox.add(transaction, project.id(), "beta", event, now);
                    throw new IllegalArgumentException("no");
                }))
                .isInstanceOf(IllegalArgumentException.class);
        deliveries.deliver(now.plusSeconds(5));
        assertThat(received).isEmpty();
    }

    @Test
    void aWebhookOfAnotherGateHearsNothingAndARedirectIsNotFollowed() throws Exception {
        save("other", Map.of("url", url("/other"), "gate", "stable"));
        save("ota", Map.of("url", url("/hook"), "gate", "beta"));
        answer = 302;
        verdict("1.1");
        deliveries.deliver(now.plusSeconds(5));
        assertThat(received).extracting(Received::path).containsExactly("/hook");
        posts().body("items", hasSize(1)).body("items[0].status", equalTo(302));
        given().delete(base + "webhooks/ota").then().statusCode(204);
        posts().body("items", hasSize(0));
        given().delete(base + "webhooks/ota").then().statusCode(404);
    }
}
