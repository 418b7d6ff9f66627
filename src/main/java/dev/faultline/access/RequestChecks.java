package dev.faultline.access;

import dev.faultline.http.Problem;
import io.quarkus.security.identity.SecurityIdentity;
import io.vertx.core.http.HttpMethod;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.UriInfo;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jboss.resteasy.reactive.server.WithFormRead;
import org.jboss.resteasy.reactive.server.core.CurrentRequestManager;
import org.jspecify.annotations.Nullable;

/** What holds for every endpoint once it is known which one a request is for. */
class RequestChecks {
    private static final String CSRF_HEADER = "X-CSRF-Token";
    private static final String CSRF_FIELD = "csrf";

    private final SecurityIdentity identity;

    RequestChecks(SecurityIdentity identity) {
        this.identity = identity;
    }

    /**
     * Credentials of one project open no other. The name is the very path parameter that the resource gets, not one that
     * was parsed a second time; the answer is the same whether that other project exists or not.
     */
    @ServerRequestFilter
    public void project(UriInfo uri) {
        if (!(identity.getPrincipal() instanceof Caller caller)) {
            return; // open to everybody
        }
        Project only = caller.project();
        String asked = uri.getPathParameters().getFirst("project");
        if (only != null && asked != null && !only.name().equals(asked)) {
            throw Problem.of(403, "other-project", "%s is for the project %s only", caller.getName(), only.name());
        }
    }

    /** The cookie of a session comes along with any request to us; the token only with those that our pages made. */
    @ServerRequestFilter
    public void csrfHeader(ContainerRequestContext request, ResourceInfo resource) {
        String wanted = csrf(request);
        if (wanted != null && !resource.getResourceMethod().isAnnotationPresent(BrowserForm.class)) {
            require(wanted, request.getHeaderString(CSRF_HEADER));
        }
    }

    @BrowserForm
    @WithFormRead
    @ServerRequestFilter
    public void csrfHeaderOrField(ContainerRequestContext request) {
        String wanted = csrf(request);
        if (wanted != null) {
            String header = request.getHeaderString(CSRF_HEADER);
            Object field = CurrentRequestManager.get().getFormParameter(CSRF_FIELD, true, false);
            require(wanted, header != null ? header : (String) field);
        }
    }

    /** The token that this request has to bring; null if it needs none. */
    private @Nullable String csrf(ContainerRequestContext request) {
        return identity.getPrincipal() instanceof Caller.SignedInUser user
                        && !BrowserGuard.changesNothing(HttpMethod.valueOf(request.getMethod()))
                ? user.csrf()
                : null;
    }

    private static void require(String wanted, @Nullable String found) {
        if (found == null || !Secret.equal(wanted, found)) {
            throw Problem.of(
                    403,
                    "csrf-token-missing",
                    "A request of a logged-in browser that changes something needs its CSRF token; reload the page");
        }
    }
}
