package dev.faultline.adoption;

import dev.faultline.access.Projects;
import dev.faultline.access.Scope;
import dev.faultline.access.Texts;
import dev.faultline.http.Page;
import dev.faultline.http.Problem;
import io.quarkus.security.PermissionsAllowed;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/** The releases that a fleet runs, over HTTP. */
@Path("/api/v1/projects/{project}")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class AdoptionResource {
    private static final int USUAL_DAYS = 30;
    private static final int MOST_DAYS = 366;

    private final Adoptions adoptions;
    private final Findings findings;
    private final FindingDevices devices;
    private final Projects projects;
    private final Clock clock = Clock.systemUTC();

    AdoptionResource(Adoptions adoptions, Findings findings, FindingDevices devices, Projects projects) {
        this.adoptions = adoptions;
        this.findings = findings;
        this.devices = devices;
        this.projects = projects;
    }

    @GET
    @Path("adoption")
    @PermissionsAllowed(Scope.READ)
    @Operation(
            summary =
                    "Which releases of a software type devices run, by day, with the curve of each release's adoption")
    public Adoption adoption(
            @PathParam("project") String project,
            @QueryParam("software") @Nullable String software,
            @QueryParam("from") @Nullable String from,
            @QueryParam("until") @Nullable String until) {
        var found = projects.named(project);
        LocalDate last = day("until", until, LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC));
        LocalDate first = day("from", from, last.minusDays(USUAL_DAYS - 1L));
        if (first.isAfter(last) || first.isBefore(last.minusDays(MOST_DAYS))) {
            throw Problem.badRequest("bad-parameter", "from: wanted a day before until, by %d days at most", MOST_DAYS);
        }
        return adoptions.of(found.id(), needed(software), first, last);
    }

    @GET
    @Path("findings")
    @PermissionsAllowed(Scope.READ)
    @Operation(
            summary = "Slow adoption, too many releases, rollbacks, crash loops and silent devices of a software type")
    public Page<Finding> findings(
            @PathParam("project") String project, @QueryParam("software") @Nullable String software) {
        return new Page<>(findings.of(projects.named(project), needed(software), clock.instant()), null);
    }

    @GET
    @Path("findings/{kind}/devices")
    @PermissionsAllowed(Scope.READ)
    @Operation(summary = "The devices behind a finding, by name")
    public Page<FindingDevice> devices(
            @PathParam("project") String project,
            @PathParam("kind") String kind,
            @QueryParam("software") @Nullable String software,
            @QueryParam("version") @Nullable String version,
            @QueryParam("limit") @DefaultValue("50") int limit,
            @QueryParam("after") @Nullable String after) {
        var found = projects.named(project);
        var known = Finding.Kind.named(kind)
                .orElseThrow(() -> Problem.notFound("finding-not-found", "Nothing is called %s", Texts.shown(kind)));
        if (after != null && after.chars().anyMatch(Character::isISOControl)) {
            throw Problem.badRequest("unknown-page", "after is not the next of a page of devices");
        }
        return devices.of(found, known, needed(software), version, after, Page.size(limit), clock.instant());
    }

    private static String needed(@Nullable String software) {
        if (software == null || software.isBlank() || software.chars().anyMatch(Character::isISOControl)) {
            throw Problem.badRequest("parameter-missing", "software is missing: the type, such as main-fw");
        }
        return software;
    }

    private static LocalDate day(String name, @Nullable String text, LocalDate otherwise) {
        if (text == null) {
            return otherwise;
        }
        try {
            LocalDate day = LocalDate.parse(text);
            if (day.getYear() >= 1970 && day.getYear() < 3000) {
                return day;
            }
        } catch (DateTimeException e) {
            throw bad(name, text);
        }
        throw bad(name, text);
    }

    private static Problem bad(String name, String text) {
        return Problem.badRequest(
                "bad-parameter", "%s: found \"%s\", wanted a day such as 2026-11-21", name, Texts.shown(text));
    }
}
