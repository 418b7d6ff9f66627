package dev.faultline.access;

import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.IdentityProvider;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.TokenAuthenticationRequest;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;

/** The holder of a token or project key. One that opens nothing is an error, so that a typing error shows itself. */
@ApplicationScoped
class TokenProvider implements IdentityProvider<TokenAuthenticationRequest> {
    private final Tokens tokens;
    private final MachineToken machine;

    TokenProvider(Tokens tokens, MachineToken machine) {
        this.tokens = tokens;
        this.machine = machine;
    }

    @Override
    public Class<TokenAuthenticationRequest> getRequestType() {
        return TokenAuthenticationRequest.class;
    }

    @Override
    public Uni<SecurityIdentity> authenticate(
            TokenAuthenticationRequest request, AuthenticationRequestContext context) {
        Secret secret = new Secret(request.getToken().getToken());
        return context.runBlocking(() -> machine.holder(secret)
                .or(() -> tokens.holder(secret, Instant.now()))
                .map(Identities::of)
                .orElseThrow(AuthenticationFailedException::new));
    }
}
