package dev.faultline.access;

import io.quarkus.security.identity.request.BaseAuthenticationRequest;

/** Asks whose session a cookie names. */
class SessionRequest extends BaseAuthenticationRequest {
    private final Secret id;

    SessionRequest(Secret id) {
        this.id = id;
    }

    Secret id() {
        return id;
    }
}
