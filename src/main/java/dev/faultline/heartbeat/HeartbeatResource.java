package dev.faultline.heartbeat;

import dev.faultline.access.Projects;
import dev.faultline.access.Scope;
import dev.faultline.http.Packing;
import dev.faultline.http.Problem;
import dev.faultline.http.UploadBody;
import io.quarkus.security.PermissionsAllowed;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jspecify.annotations.Nullable;

/** Where devices, or their gateways, post heartbeats. */
@Path("/api/v1/projects/{project}/heartbeats")
@Produces(MediaType.APPLICATION_JSON)
public class HeartbeatResource {
    private final Projects projects;
    private final Heartbeats heartbeats;
    private final Clock clock = Clock.systemUTC();

    HeartbeatResource(Projects projects, Heartbeats heartbeats) {
        this.projects = projects;
        this.heartbeats = heartbeats;
    }

    @POST
    @Consumes(MediaType.WILDCARD)
    @RunOnVirtualThread
    @PermissionsAllowed(Scope.INGEST)
    @Operation(
            summary = "Post heartbeats",
            description = "One, an array of them, or several one after the other; JSON or CBOR, plain or packed.")
    @APIResponse(
            responseCode = "202",
            description = "Durable, but for those that are named as rejected",
            content = @Content(schema = @Schema(implementation = Reception.class)))
    public Response post(
            @PathParam("project") String project,
            @HeaderParam("Content-Encoding") @Nullable String encoding,
            InputStream body) {
        long projectId = projects.named(project).id();
        var reception = heartbeats.take(projectId, HeartbeatBatch.read(bytes(body, encoding)), clock.instant());
        if (reception.accepted() + reception.duplicates() == 0) {
            throw Problem.badRequest(
                            "heartbeats-rejected",
                            "No heartbeat was taken: %s",
                            reception.rejected().getFirst().problem())
                    .with(Map.of("rejected", reception.rejected()));
        }
        return Response.accepted(reception).build();
    }

    private static byte[] bytes(InputStream body, @Nullable String encoding) {
        try {
            var peeked = UploadBody.of(body, encoding).peek(Packing.HEAD);
            var packing = Packing.of(peeked.head());
            var plain = packing.isPresent() ? peeked.whole().unpacked(packing.get()) : peeked.whole();
            byte[] bytes = plain.readNBytes(HeartbeatLimits.BATCH_BYTES + 1);
            if (bytes.length > HeartbeatLimits.BATCH_BYTES) {
                throw Problem.of(
                                413,
                                "heartbeats-too-large",
                                "The body is larger than %d bytes, and none of its heartbeats was taken",
                                HeartbeatLimits.BATCH_BYTES)
                        .with(Map.of("limit", HeartbeatLimits.BATCH_BYTES));
            }
            return bytes;
        } catch (UploadBody.Broken e) {
            throw Problem.badRequest("broken-upload", "The body could not be read to its end: %s", e.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
