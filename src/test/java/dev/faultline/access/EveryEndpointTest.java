package dev.faultline.access;

import static dev.faultline.access.Admin.admin;
import static dev.faultline.access.Admin.bearer;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.faultline.ops.PostgresResource;
import io.quarkus.security.PermissionsAllowed;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.specification.RequestSpecification;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Walks all endpoints: those of the OpenAPI document, and those that are in the code, so that none is missing. */
@QuarkusTest
@TestProfile(AuthenticationOn.class)
@QuarkusTestResource(PostgresResource.class)
class EveryEndpointTest {
    private static final Set<String> VERBS = Set.of("get", "post", "put", "patch", "delete", "head", "options");

    /** For an operation that takes anything; the empty one is a body without a type. */
    private static final List<String> ANY_TYPE = List.of(
            "",
            "application/octet-stream",
            "application/json",
            "application/x-www-form-urlencoded",
            "text/plain",
            "multipart/form-data");

    private static final JavaClasses CODE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.faultline");

    private record Operation(
            String verb,
            String path,
            @Nullable String scope,
            @Nullable String mediaType) {
        @Override
        public String toString() {
            return verb + " " + path + (mediaType == null ? "" : " with " + mediaType);
        }

        /** Parameters that name nothing: access is decided before anybody looks for it. */
        String url() {
            return path.replace("{project}", "default")
                    .replaceAll("\\{(id|crash)[^}]*}", "00000000-0000-7000-8000-000000000000")
                    .replaceAll("\\{[^}]*}", "0");
        }
    }

    @TestFactory
    Stream<DynamicTest> eachOperationIsClosedWithoutCredentials() {
        return documented().stream()
                .map(operation -> dynamicTest(
                        operation.toString(),
                        () -> request(given().redirects().follow(false), operation)
                                .then()
                                .statusCode(401)
                                .header("WWW-Authenticate", "Bearer realm=\"faultline\"")));
    }

    @TestFactory
    Stream<DynamicTest> eachOperationIsClosedToATokenThatLacksJustItsScope() {
        return documented().stream()
                .map(operation -> dynamicTest(operation.toString(), () -> {
                    assertThat(Scope.ALL).contains(operation.scope);
                    Set<String> others = new HashSet<>(Scope.ALL);
                    others.remove(operation.scope);
                    others.remove(Scope.ADMIN); // holds the lacking one too
                    var answer = request(bearer(Admin.token("default", others).getString("secret")), operation);
                    assertThat(answer.statusCode()).isEqualTo(403);
                    if (!operation.verb.equals("HEAD")) {
                        assertThat(answer.jsonPath().getString("detail"))
                                .startsWith("This needs the scope " + operation.scope);
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> eachOperationIsOpenToATokenWithJustItsScope() {
        return documented().stream()
                .map(operation -> dynamicTest(operation.toString(), () -> {
                    String project = Scope.ADMIN.equals(operation.scope) ? null : "default";
                    var answer = request(
                            bearer(Admin.token(project, Set.of(operation.scope)).getString("secret")), operation);
                    assertThat(answer.statusCode()).isNotIn(401, 403);
                }));
    }

    @TestFactory
    Stream<DynamicTest> eachOperationOfAProjectIsClosedToATokenOfAnother() {
        String other = "other-" + System.nanoTime();
        Set<String> all = new HashSet<>(Scope.ALL);
        all.remove(Scope.ADMIN);
        return documented().stream()
                .filter(operation -> operation.path.startsWith("/api/v1/projects/"))
                .map(operation -> dynamicTest(operation.toString(), () -> {
                    if (admin().get("/api/v1/projects?limit=500").jsonPath().getList("items.name").stream()
                            .noneMatch(other::equals)) {
                        Admin.made("/api/v1/projects", Map.of("name", other));
                    }
                    String secret = Admin.token(other, all).getString("secret");
                    assertThat(operation.path).startsWith("/api/v1/projects/{project}/");
                    assertThat(request(bearer(secret), operation).statusCode()).isEqualTo(403);
                    assertThat(request(
                                            bearer(secret),
                                            new Operation(
                                                    operation.verb,
                                                    operation.path.replace("{project}", "no-such-project"),
                                                    operation.scope,
                                                    operation.mediaType))
                                    .statusCode())
                            .isEqualTo(403);
                }));
    }

    @Test
    void theDocumentHasEveryEndpointOfTheCodeWithTheScopeOfTheCode() {
        Set<String> coded = coded().stream()
                .filter(operation -> operation.path.startsWith("/api/"))
                .map(operation -> operation + " " + operation.scope)
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> documented = consumed(false)
                .map(operation -> operation + " " + operation.scope)
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(documented).isEqualTo(coded).hasSizeGreaterThan(8);
    }

    @TestFactory
    Stream<DynamicTest> eachPageSendsStrangersToTheLogIn() {
        return coded().stream()
                .filter(operation -> !operation.path.startsWith("/api/") && !operation.path.equals("/login"))
                .map(operation -> dynamicTest(operation.toString(), () -> {
                    var answer = given().redirects().follow(false).request(operation.verb, operation.url());
                    assertThat(answer.statusCode()).isEqualTo(303);
                    assertThat(answer.header("Location")).startsWith("/login");
                }));
    }

    @Test
    void onlyTheLogInIsOpenInTheCode() {
        assertThat(CODE.stream()
                        .flatMap(type -> type.getMethods().stream())
                        .filter(method -> method.isAnnotatedWith(PermitAll.class))
                        .map(JavaMethod::getFullName))
                .allMatch(name -> name.startsWith("dev.faultline.access.LoginPages."))
                .hasSize(2);
    }

    @Test
    void pathsWithoutAnEndpointAreClosedTooButForHealthAndStaticFiles() {
        for (String closed : List.of("/q/metrics", "/q/openapi", "/api/v1/nothing", "/q/", "/api/../q/metrics")) {
            given().urlEncodingEnabled(false).get(closed).then().statusCode(401);
        }
        bearer(Admin.token("default", Set.of(Scope.INGEST)).getString("secret"))
                .get("/q/metrics")
                .then()
                .statusCode(403);
        for (String open : List.of("/q/health", "/q/health/ready", "/q/health/live", "/login", "/static/access.css")) {
            given().get(open).then().statusCode(200);
        }
    }

    private static io.restassured.response.Response request(RequestSpecification from, Operation operation) {
        String type = operation.mediaType;
        var asked = type == null
                ? from
                : switch (type) {
                    case "multipart/form-data" -> from.multiPart("log", "device.log", new byte[] {'x'});
                    case "application/x-www-form-urlencoded" -> from.formParam("log", "x");
                    default -> from.contentType(type).body(new byte[0]);
                };
        return asked.request(operation.verb, operation.url());
    }

    /** Every way to call every operation: one that takes anything is called with several types, and with none. */
    private static List<Operation> documented() {
        return consumed(true).distinct().toList();
    }

    /**
     * The operations of the document, one for each type that they consume.
     *
     * @param concrete whether types stand in the place of the wildcard
     */
    private static Stream<Operation> consumed(boolean concrete) {
        Map<String, Map<String, Object>> paths =
                admin().get("/q/openapi?format=json").jsonPath().getMap("paths");
        List<Operation> operations = new ArrayList<>();
        paths.forEach((path, item) -> item.forEach((verb, operation) -> {
            if (VERBS.contains(verb) && operation instanceof Map<?, ?> members) {
                for (String type : mediaTypes(members)) {
                    List<String> each = type.equals("*/*") && concrete ? ANY_TYPE : List.of(type);
                    for (String one : each) {
                        operations.add(new Operation(
                                verb.toUpperCase(java.util.Locale.ROOT),
                                path,
                                (String) members.get("x-required-scope"),
                                one.isEmpty() ? null : one));
                    }
                }
            }
        }));
        return operations.stream();
    }

    /** What the operation takes; one empty name where it takes nothing. */
    private static List<String> mediaTypes(Map<?, ?> operation) {
        return operation.get("requestBody") instanceof Map<?, ?> body
                        && body.get("content") instanceof Map<?, ?> content
                ? content.keySet().stream().map(String::valueOf).toList()
                : List.of("");
    }

    private static List<Operation> coded() {
        List<Operation> operations = new ArrayList<>();
        CODE.stream()
                .filter(type -> type.isAnnotatedWith(Path.class))
                .forEach(type -> type.getMethods()
                        .forEach(method -> method.getAnnotations().stream()
                                .filter(annotation -> annotation.getRawType().isAnnotatedWith(HttpMethod.class))
                                .forEach(annotation -> consumes(method)
                                        .forEach(mediaType -> operations.add(new Operation(
                                                annotation
                                                        .getRawType()
                                                        .getAnnotationOfType(HttpMethod.class)
                                                        .value(),
                                                path(
                                                        type.getAnnotationOfType(Path.class)
                                                                .value(),
                                                        method.isAnnotatedWith(Path.class)
                                                                ? method.getAnnotationOfType(Path.class)
                                                                        .value()
                                                                : ""),
                                                method.isAnnotatedWith(PermissionsAllowed.class)
                                                        ? String.join(
                                                                " ",
                                                                method.getAnnotationOfType(PermissionsAllowed.class)
                                                                        .value())
                                                        : null,
                                                mediaType.isEmpty() ? null : mediaType))))));
        return operations;
    }

    private static List<String> consumes(JavaMethod method) {
        return method.isAnnotatedWith(Consumes.class)
                ? List.of(method.getAnnotationOfType(Consumes.class).value())
                : List.of("");
    }

    private static String path(String ofClass, String ofMethod) {
        String joined =
                ("/" + ofClass + "/" + ofMethod).replaceAll("/+", "/").replaceAll("\\{\\s*(\\w+)\\s*:[^/]*}", "{$1}");
        return joined.length() > 1 && joined.endsWith("/") ? joined.substring(0, joined.length() - 1) : joined;
    }
}
