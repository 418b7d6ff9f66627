package dev.faultline.web;

import io.quarkus.security.identity.SecurityIdentity;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.RequestScoped;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** The request as far as pages care: who reads, and what they chose to see. */
@RequestScoped
class Visit {
    private static final Set<String> THEMES = Set.of("light", "dark");

    private final RoutingContext request;
    private final SecurityIdentity identity;
    private final boolean local;

    Visit(RoutingContext request, SecurityIdentity identity, @ConfigProperty(name = "faultline.auth") String auth) {
        this.request = request;
        this.identity = identity;
        this.local = auth.equals("off");
    }

    Shell shell(String title) {
        return new Shell(title, null, null, reader());
    }

    Shell shell(String title, String project, Shell.Section section) {
        return new Shell(title, project, section, reader());
    }

    private Shell.Reader reader() {
        String theme = cookie("faultline-theme");
        String stack = cookie("faultline-stack");
        return new Shell.Reader(
                theme != null && THEMES.contains(theme) ? theme : null,
                "raw".equals(stack) ? "raw" : "pretty",
                local || identity.isAnonymous() ? null : identity.getPrincipal().getName(),
                request.get("faultline.csrf"));
    }

    private @Nullable String cookie(String name) {
        var cookie = request.request().getCookie(name);
        return cookie == null ? null : cookie.getValue();
    }
}
