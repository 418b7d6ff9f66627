package dev.faultline.access;

import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.smallrye.mutiny.Uni;

/** Callers as identities. */
public final class Identities {

    private Identities() {}

    /** Who makes the request of that identity, which is not anonymous. */
    public static Caller caller(SecurityIdentity identity) {
        if (identity.getPrincipal() instanceof Caller caller) {
            return caller;
        }
        throw new IllegalStateException("an endpoint that needs a caller is open to everybody");
    }

    /** The identity grants a permission whose name is a scope that the caller holds, or any to an admin. */
    static SecurityIdentity of(Caller caller) {
        return QuarkusSecurityIdentity.builder()
                .setPrincipal(caller)
                .addPermissionChecker(
                        permission -> Uni.createFrom().item(Scope.allows(caller.scopes(), permission.getName())))
                .build();
    }
}
