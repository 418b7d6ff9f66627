package dev.faultline.access;

import io.quarkus.security.StringPermission;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.vertx.http.runtime.security.HttpSecurityPolicy;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;

/**
 * Closed unless open: nobody reaches any path, known or not, without credentials. What the caller then may do is said at
 * each endpoint; what has no endpoint of ours (metrics, OpenAPI) wants {@code read}.
 */
@ApplicationScoped
class SignedInPolicy implements HttpSecurityPolicy {

    @Override
    public Uni<CheckResult> checkPermission(
            RoutingContext context, Uni<SecurityIdentity> identity, AuthorizationRequestContext requestContext) {
        String path = context.normalizedPath();
        if (OpenPaths.contains(path)) {
            return CheckResult.permit();
        }
        return identity.flatMap(caller -> {
            if (caller.isAnonymous()) {
                return CheckResult.deny();
            }
            return path.equals("/q") || path.startsWith("/q/")
                    ? caller.checkPermission(new StringPermission(Scope.READ)).map(CheckResult::new)
                    : CheckResult.permit();
        });
    }
}
