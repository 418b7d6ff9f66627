package dev.faultline.access;

import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.core.NewCookie;
import java.time.Duration;

/** The cookie that holds a session's id: out of reach of scripts and not sent along by other sites' forms. */
final class SessionCookie {
    static final String NAME = "faultline-session";

    private SessionCookie() {}

    static NewCookie of(Secret id, Duration longest, HttpServerRequest request) {
        return cookie(id.text(), Math.toIntExact(longest.toSeconds()), request);
    }

    static NewCookie gone(HttpServerRequest request) {
        return cookie("", 0, request);
    }

    private static NewCookie cookie(String value, int seconds, HttpServerRequest request) {
        return new NewCookie.Builder(NAME)
                .value(value)
                .path("/")
                .maxAge(seconds)
                .httpOnly(true)
                .sameSite(NewCookie.SameSite.LAX)
                // behind a proxy that ends TLS the scheme is known from its headers: quarkus.http.proxy
                .secure("https".equals(request.scheme()))
                .build();
    }
}
