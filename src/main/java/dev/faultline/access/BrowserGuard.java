package dev.faultline.access;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.quarkus.vertx.http.runtime.security.SecurityHandlerPriorities;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * Keeps other people's web pages out. A page that the user visits can send requests from the user's machine, where local
 * mode asks nobody for a password and a session's cookie may come along:
 *
 * <ul>
 *   <li>in local mode the Host must be this machine's own name; a page whose name was re-pointed to 127.0.0.1 (DNS
 *       rebinding) still sends its own;
 *   <li>what changes something must not come from another site (Fetch Metadata, else Origin);
 *   <li>pages run no script but ours and stand in nobody's frame.
 * </ul>
 */
@ApplicationScoped
class BrowserGuard {
    private static final int BEFORE_AUTHENTICATION = SecurityHandlerPriorities.CORS + 10;

    private static final Set<HttpMethod> CHANGES_NOTHING =
            Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS, HttpMethod.TRACE);

    private static final String CONTENT_SECURITY_POLICY = String.join(
            "; ",
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'");

    private final AuthMode mode;

    BrowserGuard(@ConfigProperty(name = "faultline.auth") AuthMode mode) {
        this.mode = mode;
    }

    void register(@Observes Filters filters) {
        filters.register(this::check, BEFORE_AUTHENTICATION);
    }

    private void check(RoutingContext context) {
        HttpServerRequest request = context.request();
        setHeaders(context);
        HostAndPort host = request.authority();
        if (mode == AuthMode.OFF && !isThisMachine(host)) {
            Refusals.problem(
                    context,
                    403,
                    "foreign-host",
                    "Local mode answers to localhost, 127.0.0.1 and [::1] only, whatever else points here");
        } else if (!changesNothing(request.method()) && comesFromAnotherSite(request, host)) {
            Refusals.problem(context, 403, "cross-site", "This was sent by a page of another site");
        } else {
            context.next();
        }
    }

    static boolean changesNothing(HttpMethod method) {
        return CHANGES_NOTHING.contains(method);
    }

    private static void setHeaders(RoutingContext context) {
        var headers = context.response().headers();
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("Referrer-Policy", "same-origin");
        headers.set("Cross-Origin-Resource-Policy", "same-origin");
        headers.set("Cross-Origin-Opener-Policy", "same-origin");
        if (!context.normalizedPath().startsWith("/q/")) { // Quarkus' own pages, there in development only
            headers.set("Content-Security-Policy", CONTENT_SECURITY_POLICY);
        }
    }

    private static boolean isThisMachine(@Nullable HostAndPort host) {
        if (host == null) {
            return false;
        }
        String name = host.host().toLowerCase(Locale.ROOT);
        return name.equals("localhost") || name.equals("127.0.0.1") || name.equals("[::1]") || name.equals("::1");
    }

    /** Programs send neither header; browsers that know no Fetch Metadata, or talk plain HTTP, send Origin. */
    private static boolean comesFromAnotherSite(HttpServerRequest request, @Nullable HostAndPort host) {
        String site = request.getHeader("Sec-Fetch-Site");
        if (site != null) {
            return !site.equals("same-origin") && !site.equals("none");
        }
        String origin = request.getHeader("Origin");
        return origin != null && !isOrigin(origin, request.scheme(), host);
    }

    private static boolean isOrigin(String origin, @Nullable String scheme, @Nullable HostAndPort host) {
        if (host == null) {
            return false;
        }
        try {
            URI from = new URI(origin);
            if (from.getHost() == null || from.getScheme() == null) {
                return false; // "null": a sandboxed frame or a file
            }
            int defaultPort = from.getScheme().equals("https") ? 443 : 80;
            int port = host.port() == -1 ? ("https".equals(scheme) ? 443 : 80) : host.port();
            return bare(from.getHost()).equalsIgnoreCase(bare(host.host()))
                    && (from.getPort() == -1 ? defaultPort : from.getPort()) == port;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static String bare(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }
}
