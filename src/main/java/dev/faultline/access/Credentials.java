package dev.faultline.access;

import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.credential.TokenCredential;
import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.AuthenticationRequest;
import io.quarkus.security.identity.request.TokenAuthenticationRequest;
import io.quarkus.vertx.http.runtime.security.ChallengeData;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticationMechanism;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.Cookie;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Finds the credentials of a request: a token, a project key or a session; asks for them where they are missing. */
@ApplicationScoped
class Credentials implements HttpAuthenticationMechanism {
    private static final String BEARER = "Bearer ";

    private final AuthMode mode;

    Credentials(@ConfigProperty(name = "faultline.auth") AuthMode mode) {
        this.mode = mode;
    }

    @Override
    public Uni<SecurityIdentity> authenticate(RoutingContext context, IdentityProviderManager providers) {
        if (mode == AuthMode.OFF) {
            return Uni.createFrom().item(Identities.of(new Caller.LocalOwner()));
        }
        if (OpenPaths.contains(context.normalizedPath())) {
            return Uni.createFrom().nullItem(); // no look-up for style sheets, no 401 for a probe with an old token
        }
        String authorization = context.request().getHeader("Authorization");
        if (authorization != null) {
            return authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
                    ? token(authorization.substring(BEARER.length()).strip(), providers)
                    : Uni.createFrom().failure(new AuthenticationFailedException());
        }
        String key = context.request().getHeader("X-Faultline-Key");
        if (key != null) {
            return token(key.strip(), providers);
        }
        Cookie cookie = context.request().getCookie(SessionCookie.NAME);
        if (cookie != null && cookie.getValue().length() <= Secret.MOST_CHARACTERS) {
            return providers.authenticate(new SessionRequest(new Secret(cookie.getValue())));
        }
        return Uni.createFrom().nullItem();
    }

    @Override
    public Set<Class<? extends AuthenticationRequest>> getCredentialTypes() {
        return Set.of(TokenAuthenticationRequest.class, SessionRequest.class);
    }

    @Override
    public Uni<ChallengeData> getChallenge(RoutingContext context) {
        return Uni.createFrom().item(new ChallengeData(401, "WWW-Authenticate", Refusals.CHALLENGE));
    }

    @Override
    public Uni<Boolean> sendChallenge(RoutingContext context) {
        Refusals.sendChallenge(context);
        return Uni.createFrom().item(true);
    }

    private static Uni<SecurityIdentity> token(String text, IdentityProviderManager providers) {
        return text.isEmpty() || text.length() > Secret.MOST_CHARACTERS
                ? Uni.createFrom().failure(new AuthenticationFailedException())
                : providers.authenticate(new TokenAuthenticationRequest(new TokenCredential(text, "bearer")));
    }
}
