package dev.faultline.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/**
 * A body without a Content-Type is bytes (RFC 9110, 8.3). Firmware often sends none, and of two methods that take
 * different types the framework then picks one at random, a form among them.
 */
@ApplicationScoped
class UntypedBodies {
    private static final int FIRST = Integer.MIN_VALUE;

    void name(@Observes Router router) {
        router.route("/api/*").order(FIRST).handler(request -> {
            var headers = request.request().headers();
            boolean hasBody =
                    headers.contains(HttpHeaders.CONTENT_LENGTH) || headers.contains(HttpHeaders.TRANSFER_ENCODING);
            if (hasBody && !headers.contains(HttpHeaders.CONTENT_TYPE)) {
                headers.set(HttpHeaders.CONTENT_TYPE, "application/octet-stream");
            }
            request.next();
        });
    }
}
