package dev.faultline.access;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.PermissionsAllowed;
import io.quarkus.security.identity.SecurityIdentity;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.Response;
import java.lang.reflect.Method;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.TreeSet;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** How a refusal looks: a problem for programs, a page or the log-in for people. */
class Refusals {
    static final String CHALLENGE = "Bearer realm=\"faultline\"";

    private final SecurityIdentity identity;

    Refusals(SecurityIdentity identity) {
        this.identity = identity;
    }

    @CheckedTemplate(basePath = "access")
    static class Templates {
        static native TemplateInstance refused(String reason);
    }

    /** Answers a request whose credentials are missing or open nothing. */
    static void sendChallenge(RoutingContext context) {
        HttpServerResponse response = context.response();
        String path = context.normalizedPath();
        if (OpenPaths.forPrograms(path)) {
            problem(
                    context,
                    401,
                    "no-credentials",
                    "Credentials are missing, wrong, revoked or expired: send Authorization: Bearer, or X-Faultline-Key");
            return;
        }
        String login = OpenPaths.LOGIN;
        HttpMethod method = context.request().method();
        if (method.equals(HttpMethod.GET) && !context.request().headers().contains("HX-Request")) {
            login += "?next=" + URLEncoder.encode(context.request().uri(), StandardCharsets.UTF_8);
        }
        response.putHeader("Cache-Control", "no-store");
        if (context.request().headers().contains("HX-Request")) {
            response.setStatusCode(401).putHeader("HX-Redirect", login).end();
        } else {
            response.setStatusCode(303).putHeader("Location", login).end();
        }
    }

    /** Answers with a problem before any resource has the request. */
    static void problem(RoutingContext context, int status, String type, String detail) {
        HttpServerResponse response = context.response();
        response.setStatusCode(status).putHeader("Content-Type", "application/problem+json");
        if (status == 401) {
            response.putHeader("WWW-Authenticate", CHALLENGE);
        }
        response.end(body(status, type, detail));
    }

    @ServerExceptionMapper
    public Response forbidden(ForbiddenException refused, ResourceInfo resource, RoutingContext context) {
        String reason = "This needs the scope " + wanted(resource) + "; " + held();
        if (OpenPaths.forPrograms(context.normalizedPath())) {
            return Response.status(403)
                    .type("application/problem+json")
                    .entity(body(403, "scope-missing", reason))
                    .build();
        }
        return Response.status(403)
                .type("text/html;charset=UTF-8")
                .entity(Templates.refused(reason).render())
                .build();
    }

    private static String body(int status, String type, String detail) {
        return new JsonObject()
                .put("type", "urn:faultline:problem:" + type)
                .put("title", type.replace('-', ' '))
                .put("status", status)
                .put("detail", detail)
                .encode();
    }

    private static String wanted(ResourceInfo resource) {
        Method method = resource.getResourceMethod();
        if (method == null) {
            return Scope.READ; // a path that is Quarkus' own: SignedInPolicy
        }
        PermissionsAllowed permission = method.getAnnotation(PermissionsAllowed.class);
        return permission == null ? "of nobody: the endpoint names none" : String.join(" or ", permission.value());
    }

    private String held() {
        Caller caller = Identities.caller(identity);
        return caller.getName() + " has " + String.join(", ", new TreeSet<>(caller.scopes()));
    }
}
