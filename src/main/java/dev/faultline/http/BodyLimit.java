package dev.faultline.http;

import io.quarkus.vertx.http.runtime.VertxHttpRecorder;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.regex.Pattern;

/**
 * Most bytes of an ordinary request's body. The server's own limit has to let debug files through; they and coredumps
 * have limits of their own, where they are streamed to disk.
 */
@ApplicationScoped
class BodyLimit {
    static final long ORDINARY = 4L << 20;

    /** Behind the route that sets the server's own limit, before every resource. */
    private static final int PRIORITY = 1;

    private static final Pattern STREAMED = Pattern.compile("/api/v1/projects/[^/]+/(crashes|symbols)/?");

    void register(@Observes Filters filters) {
        filters.register(BodyLimit::limit, PRIORITY);
    }

    private static void limit(RoutingContext request) {
        boolean streamed = request.request().method().equals(HttpMethod.POST)
                && STREAMED.matcher(request.normalizedPath()).matches();
        if (!streamed) {
            request.put(VertxHttpRecorder.MAX_REQUEST_SIZE_KEY, ORDINARY);
        }
        request.next();
    }
}
