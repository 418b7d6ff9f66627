package dev.faultline.access;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.faultline.access.Tokens.Kind;
import dev.faultline.access.Tokens.Token;
import dev.faultline.access.Tokens.Wanted;
import dev.faultline.http.Page;
import dev.faultline.http.Problem;
import io.quarkus.security.PermissionsAllowed;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerRequest;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** Project keys and API tokens: made, listed, revoked. */
@Path("/api/v1/tokens")
@Tag(name = "access")
@RunOnVirtualThread
class TokenResource {
    private static final int LONGEST_LABEL = 100;

    private final Tokens tokens;
    private final Projects projects;

    TokenResource(Tokens tokens, Projects projects) {
        this.tokens = tokens;
        this.projects = projects;
    }

    /**
     * A token to make.
     *
     * @param kind {@code project-key} or {@code api-token}, which is the default
     * @param label what it is for, in words
     * @param project the only project it opens; left out for {@code admin}, which opens all
     * @param scopes left out for a project key, which has {@code ingest}
     * @param expires when it ends by itself; never, where left out
     */
    record NewToken(
            @Nullable Kind kind,
            @Nullable String label,
            @Nullable String project,
            @Nullable Set<String> scopes,
            @Nullable Instant expires) {}

    /** The one answer that has the secret. */
    record Answer(@JsonUnwrapped Token token, String secret) {}

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @PermissionsAllowed(Scope.ADMIN)
    @Operation(
            summary = "Make a project key or an API token",
            description = "The answer is the only place where the secret ever stands.")
    @APIResponse(responseCode = "201", description = "Made")
    public Response create(
            @Nullable NewToken asked, @Context SecurityIdentity identity, @Context HttpServerRequest request) {
        Instant now = Instant.now();
        Tokens.Made made = tokens.create(
                wanted(asked == null ? new NewToken(null, null, null, null, null) : asked, now),
                Identities.caller(identity),
                now,
                Addresses.of(request));
        return Response.created(URI.create("/api/v1/tokens/" + made.token().id()))
                .header("Cache-Control", "no-store")
                .entity(new Answer(made.token(), made.secret().text()))
                .build();
    }

    @GET
    @PermissionsAllowed(Scope.ADMIN)
    @Operation(summary = "List tokens", description = "Revoked and expired ones too; by id; never with a secret.")
    public Page<Token> list(
            @RestQuery @DefaultValue("0") long after,
            @RestQuery @DefaultValue("100") @Min(1) @Max(Page.MOST) int limit) {
        List<Token> found = tokens.after(after, limit);
        return new Page<>(
                found,
                found.size() < limit ? null : Long.toString(found.getLast().id()));
    }

    @DELETE
    @Path("{id}")
    @PermissionsAllowed(Scope.ADMIN)
    @Operation(summary = "Revoke a token", description = "At once and for good; it stays in the list.")
    @APIResponse(responseCode = "204", description = "Revoked, now or before")
    public void revoke(@RestPath long id, @Context SecurityIdentity identity, @Context HttpServerRequest request) {
        tokens.revoke(id, Identities.caller(identity), Instant.now(), Addresses.of(request));
    }

    private Wanted wanted(NewToken asked, Instant now) {
        Kind kind = asked.kind == null ? Kind.API_TOKEN : asked.kind;
        String label = Texts.line("label", asked.label, LONGEST_LABEL);
        Set<String> scopes = scopes(kind, asked.scopes);
        Project project = asked.project == null ? null : projects.named(asked.project);
        if (project == null && !scopes.contains(Scope.ADMIN)) {
            throw Problem.badRequest("project-missing", "project is missing: only the scope admin opens every project");
        }
        if (project != null && scopes.contains(Scope.ADMIN)) {
            throw Problem.badRequest(
                    "admin-has-no-project", "The scope admin opens every project: leave project out, or admin");
        }
        if (asked.expires != null && !asked.expires.isAfter(now)) {
            throw Problem.badRequest("already-expired", "expires is %s, which is not in the future", asked.expires);
        }
        return new Wanted(kind, label, project, scopes, asked.expires);
    }

    private static Set<String> scopes(Kind kind, @Nullable Set<String> asked) {
        return switch (kind) {
            case API_TOKEN -> Scope.known(asked);
            case PROJECT_KEY -> {
                if (asked != null && !asked.equals(Set.of(Scope.INGEST))) {
                    throw Problem.badRequest(
                            "project-key-scopes", "A project key has the scope ingest and no other; leave scopes out");
                }
                yield Set.of(Scope.INGEST);
            }
        };
    }
}
