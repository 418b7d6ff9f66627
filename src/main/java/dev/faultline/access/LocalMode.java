package dev.faultline.access;

import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.SecurityIdentityAugmentor;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.Principal;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Without authentication whoever reaches the loopback address is the owner of the machine and may do everything. */
@ApplicationScoped
class LocalMode implements SecurityIdentityAugmentor {
    private static final Principal OWNER = () -> "local";

    private final boolean local;

    LocalMode(@ConfigProperty(name = "faultline.auth") String auth) {
        this.local = auth.equals("off");
    }

    @Override
    public Uni<SecurityIdentity> augment(SecurityIdentity identity, AuthenticationRequestContext context) {
        if (!local) {
            return Uni.createFrom().item(identity);
        }
        return Uni.createFrom()
                .item(QuarkusSecurityIdentity.builder()
                        .setPrincipal(OWNER)
                        .addPermissionChecker(permission -> Uni.createFrom().item(true))
                        .build());
    }
}
