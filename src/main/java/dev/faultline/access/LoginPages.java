package dev.faultline.access;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.quarkus.security.Authenticated;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerRequest;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.CookieParam;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Instant;
import java.util.OptionalLong;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** Log-in and log-out of people. */
@Path("/")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
class LoginPages {
    private static final Logger LOG = Logger.getLogger(LoginPages.class);
    private static final int LONGEST_FIELD = 200;

    private final AuthMode mode;
    private final Accounts accounts;
    private final Passwords passwords;
    private final LoginAttempts attempts;
    private final Sessions sessions;
    private final Audit audit;

    LoginPages(
            @ConfigProperty(name = "faultline.auth") AuthMode mode,
            Accounts accounts,
            Passwords passwords,
            LoginAttempts attempts,
            Sessions sessions,
            Audit audit) {
        this.mode = mode;
        this.accounts = accounts;
        this.passwords = passwords;
        this.attempts = attempts;
        this.sessions = sessions;
        this.audit = audit;
    }

    @CheckedTemplate(basePath = "access")
    static class Templates {
        static native TemplateInstance login(String next, String name, @Nullable String refusal);
    }

    @GET
    @Path("login")
    @PermitAll
    public Response form(@RestQuery @DefaultValue("/") String next) {
        return mode == AuthMode.OFF
                ? to("/").build()
                : page(200, next, "", null).build();
    }

    @POST
    @Path("login")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @PermitAll
    public Response logIn(
            @RestForm @DefaultValue("") String name,
            @RestForm @DefaultValue("") String password,
            @RestForm @DefaultValue("/") String next,
            @CookieParam(SessionCookie.NAME) @Nullable String oldSession,
            @Context HttpServerRequest request)
            throws InterruptedException {
        if (mode == AuthMode.OFF) {
            return to("/").build();
        }
        Instant now = Instant.now();
        String address = Addresses.of(request);
        String user = AccountResource.lowerCase(Texts.shown(name));
        OptionalLong attempt = attempts.begin(user, Addresses.network(address), now);
        if (attempt.isEmpty()) {
            LOG.warnf("too many log-ins from %s", address);
            return page(429, next, user, "Too many attempts. Try again in a quarter of an hour.")
                    .header("Retry-After", LoginAttempts.WINDOW.toSeconds())
                    .build();
        }
        Accounts.Credentials account = accounts.credentials(user).orElse(null);
        boolean right = password.length() <= LONGEST_FIELD
                && passwords.matches(password, account == null ? null : account.passwordHash());
        if (account == null || !right) {
            audit.record(now, user, "login-failed", user, address);
            LOG.warnf("a log-in failed from %s", address);
            return page(401, next, user, "Name or password is wrong.").build();
        }
        attempts.forget(attempt.getAsLong());
        if (oldSession != null) {
            sessions.close(new Secret(oldSession)); // a new id at every log-in, so that a planted one is worth nothing
        }
        Secret session = sessions.open(account.id(), now);
        audit.record(now, user, "logged-in", user, address);
        return to(ownPath(next))
                .cookie(SessionCookie.of(session, sessions.longest(), request))
                .build();
    }

    @POST
    @Path("logout")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Authenticated
    @BrowserForm
    public Response logOut(
            @CookieParam(SessionCookie.NAME) @Nullable String session,
            @Context SecurityIdentity identity,
            @Context HttpServerRequest request) {
        if (session != null && identity.getPrincipal() instanceof Caller.SignedInUser user) {
            sessions.close(new Secret(session));
            audit.record(Instant.now(), user.name(), "logged-out", user.name(), Addresses.of(request));
        }
        return to(OpenPaths.LOGIN).cookie(SessionCookie.gone(request)).build();
    }

    private static Response.ResponseBuilder page(int status, String next, String name, @Nullable String refusal) {
        return Response.status(status)
                .header("Cache-Control", "no-store")
                .entity(Templates.login(ownPath(next), name, refusal).render());
    }

    private static Response.ResponseBuilder to(String path) {
        return Response.status(303).header("Location", path).header("Cache-Control", "no-store");
    }

    /** A path of this service, or the start page: the log-in must not forward people to another site. */
    static String ownPath(String next) {
        // browsers read a backslash as a slash and drop tabs and line ends, so //host hides in many spellings
        boolean plain = next.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '\\');
        if (!plain || !next.startsWith("/") || next.startsWith("//")) {
            return "/";
        }
        try {
            URI uri = new URI(next);
            return uri.isAbsolute() || uri.getRawAuthority() != null ? "/" : next;
        } catch (URISyntaxException e) {
            return "/";
        }
    }
}
