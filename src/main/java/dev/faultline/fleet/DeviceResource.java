package dev.faultline.fleet;

import dev.faultline.access.Project;
import dev.faultline.access.Projects;
import dev.faultline.access.Scope;
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
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Devices over HTTP. */
@Path("/api/v1/projects/{project}/devices")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class DeviceResource {
    private final Devices devices;
    private final Projects projects;

    DeviceResource(Devices devices, Projects projects) {
        this.devices = devices;
        this.projects = projects;
    }

    /**
     * The devices, by name; those that all of the filters mean.
     *
     * @param name how the name begins
     * @param software what the last heartbeat was about, as the version
     */
    @GET
    @PermissionsAllowed(Scope.READ)
    public Page<Device> list(
            @PathParam("project") String project,
            @QueryParam("name") @Nullable String name,
            @QueryParam("software") @Nullable String software,
            @QueryParam("version") @Nullable String version,
            @QueryParam("hardware") @Nullable String hardware,
            @QueryParam("cohort") @Nullable String cohort,
            @QueryParam("limit") @DefaultValue("50") int limit,
            @QueryParam("after") @Nullable String after) {
        if (after != null && !isName(after)) {
            throw Problem.badRequest("unknown-page", "after is not the next of a page of devices");
        }
        var filter = new DeviceFilter(name, software, version, hardware, cohort);
        return devices.list(projects.named(project).id(), filter, Page.size(limit), after);
    }

    /** One device, what it ran since when, its last heartbeat and its reboots. */
    @GET
    @Path("{name: .+}")
    @PermissionsAllowed(Scope.READ)
    public DeviceDetail device(@PathParam("project") String project, @PathParam("name") String name) {
        Project of = projects.named(project);
        return Optional.of(name)
                .filter(DeviceResource::isName)
                .flatMap(known -> devices.find(of.id(), of.name(), known))
                .orElseThrow(() -> Problem.notFound("device-not-found", "No device has the name %s", name));
    }

    private static boolean isName(String text) {
        return text.chars().noneMatch(Character::isISOControl);
    }
}
