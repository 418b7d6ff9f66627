package dev.faultline.web;

import dev.faultline.access.Caller;
import dev.faultline.access.Scope;
import io.quarkus.security.StringPermission;
import io.quarkus.security.identity.SecurityIdentity;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.RequestScoped;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The request as far as pages care: who reads, and what they chose to see. */
@RequestScoped
class Visit {
    private static final Set<String> THEMES = Set.of("light", "dark");

    private final RoutingContext request;
    private final SecurityIdentity identity;

    Visit(RoutingContext request, SecurityIdentity identity) {
        this.request = request;
        this.identity = identity;
    }

    Shell shell(String title) {
        return new Shell(title, null, null, reader());
    }

    Shell shell(String title, String project, Shell.@Nullable Section section) {
        return new Shell(title, project, section, reader());
    }

    /** Whether whoever reads may change things too. */
    boolean mayWrite() {
        return identity.checkPermissionBlocking(new StringPermission(Scope.WRITE));
    }

    private Shell.Reader reader() {
        String theme = cookie("faultline-theme");
        String stack = cookie("faultline-stack");
        var user = identity.getPrincipal() instanceof Caller.SignedInUser signedIn ? signedIn : null;
        return new Shell.Reader(
                theme != null && THEMES.contains(theme) ? theme : null,
                "raw".equals(stack) ? "raw" : "pretty",
                user == null ? null : user.name(),
                user == null ? null : user.csrf());
    }

    private @Nullable String cookie(String name) {
        var cookie = request.request().getCookie(name);
        return cookie == null ? null : cookie.getValue();
    }
}
