package dev.faultline.access;

import dev.faultline.access.Accounts.Account;
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
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** Users who log in with a password. */
@Path("/api/v1/users")
@Tag(name = "access")
@RunOnVirtualThread
class AccountResource {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._@-]{0,63}");
    /** What somebody gets who works with crashes and runs nothing. */
    private static final Set<String> USUAL_SCOPES = Set.of(Scope.READ, Scope.WRITE, Scope.SYMBOLS);

    private final Accounts accounts;
    private final Passwords passwords;

    AccountResource(Accounts accounts, Passwords passwords) {
        this.accounts = accounts;
        this.passwords = passwords;
    }

    /**
     * A user to make.
     *
     * @param name of lower-case letters, digits and {@code . _ @ -}; capitals are made small
     * @param password 12 characters or more, 72 bytes or less
     * @param scopes in every project; read, write and symbols where left out
     */
    record NewUser(
            @Nullable String name,
            @Nullable String password,
            @Nullable Set<String> scopes) {
        @Override
        public String toString() {
            return "NewUser " + name;
        }
    }

    /** A new password for a user. */
    record NewPassword(@Nullable String password) {
        @Override
        public String toString() {
            return "NewPassword";
        }
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @PermissionsAllowed(Scope.ADMIN)
    @Operation(summary = "Make a user")
    @APIResponse(responseCode = "201", description = "Made")
    public Response create(
            @Nullable NewUser asked, @Context SecurityIdentity identity, @Context HttpServerRequest request) {
        NewUser wanted = asked == null ? new NewUser(null, null, null) : asked;
        String name = lowerCase(wanted.name == null ? "" : wanted.name);
        if (!NAME.matcher(name).matches()) {
            throw Problem.badRequest(
                    "bad-user-name",
                    "name is \"%s\"; wanted 1 to 64 of a-z, 0-9 and . _ @ -, the first a letter or digit",
                    Texts.shown(name));
        }
        Set<String> scopes = wanted.scopes == null ? USUAL_SCOPES : Scope.known(wanted.scopes);
        String hash = passwords.hash(wanted.password);
        Account account =
                accounts.create(name, hash, scopes, Identities.caller(identity), Instant.now(), Addresses.of(request));
        return Response.created(URI.create("/api/v1/users/" + name))
                .entity(account)
                .build();
    }

    @GET
    @PermissionsAllowed(Scope.ADMIN)
    @Operation(summary = "List users")
    public Page<Account> list(
            @RestQuery @DefaultValue("") String after,
            @RestQuery @DefaultValue("100") @Min(1) @Max(Page.MOST) int limit) {
        List<Account> found = accounts.after(after, limit);
        return new Page<>(found, found.size() < limit ? null : found.getLast().name());
    }

    @PUT
    @Consumes(MediaType.APPLICATION_JSON)
    @Path("{name}/password")
    @PermissionsAllowed(Scope.ADMIN)
    @Operation(summary = "Change a user's password", description = "Ends the user's sessions.")
    @APIResponse(responseCode = "204", description = "Changed")
    public void changePassword(
            @RestPath String name,
            @Nullable NewPassword asked,
            @Context SecurityIdentity identity,
            @Context HttpServerRequest request) {
        String hash = passwords.hash(asked == null ? null : asked.password);
        accounts.changePassword(
                lowerCase(name), hash, Identities.caller(identity), Instant.now(), Addresses.of(request));
    }

    @DELETE
    @Path("{name}")
    @PermissionsAllowed(Scope.ADMIN)
    @Operation(summary = "Delete a user", description = "Ends the user's sessions; what the audit log says stays.")
    @APIResponse(responseCode = "204", description = "Deleted")
    public void delete(@RestPath String name, @Context SecurityIdentity identity, @Context HttpServerRequest request) {
        accounts.delete(lowerCase(name), Identities.caller(identity), Instant.now(), Addresses.of(request));
    }

    static String lowerCase(String name) {
        return name.strip().toLowerCase(Locale.ROOT);
    }
}
