package dev.faultline.access;

import io.quarkus.security.identity.SecurityIdentity;
import io.vertx.core.http.HttpServerRequest;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Who changes something, and when, as the audit log tells it.
 *
 * @param address where the request came from; null: the service itself acts
 */
public record Actor(String name, @Nullable String address, Instant now) {

    /** Who makes a request. */
    public static Actor of(SecurityIdentity identity, HttpServerRequest request, Instant now) {
        return new Actor(Identities.caller(identity).getName(), Addresses.of(request), now);
    }
}
