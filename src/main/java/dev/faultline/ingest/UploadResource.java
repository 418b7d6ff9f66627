package dev.faultline.ingest;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.faultline.access.Projects;
import dev.faultline.access.Scope;
import dev.faultline.crash.Receipt;
import dev.faultline.http.Problem;
import dev.faultline.http.UploadBody;
import io.quarkus.security.PermissionsAllowed;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.BeanParam;
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
import java.nio.file.Files;
import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.multipart.FileUpload;
import org.jspecify.annotations.Nullable;

/** Where devices post coredumps. */
@Path("/api/v1/projects/{project}/crashes")
@Produces(MediaType.APPLICATION_JSON)
public class UploadResource {
    private final Projects projects;
    private final Intake intake;

    UploadResource(Projects projects, Intake intake) {
        this.projects = projects;
        this.intake = intake;
    }

    /**
     * What became of an upload.
     *
     * @param disposition {@code queued}: new, durable, will be processed; {@code duplicate}: this device sent the same
     *     bytes before
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Accepted(UUID crashId, String disposition) {}

    @POST
    @Consumes(MediaType.WILDCARD)
    @RunOnVirtualThread
    @PermissionsAllowed(Scope.INGEST)
    @Operation(summary = "Upload a coredump as the request's body")
    @APIResponse(responseCode = "202", description = "Durable and queued")
    @APIResponse(responseCode = "200", description = "The same bytes came from this device before")
    public Response upload(
            @PathParam("project") String project,
            @BeanParam Claims claims,
            @HeaderParam("Content-Encoding") @Nullable String encoding,
            @HeaderParam("Content-Length") @Nullable Long announced,
            InputStream body) {
        var now = Instant.now();
        long projectId = projects.named(project).id();
        intake.checkAnnounced(announced == null ? 0 : announced);
        return answer(intake.accept(projectId, claims, open(body, encoding), Intake.Beside.NOTHING, now));
    }

    @POST
    @Consumes(MediaType.MULTIPART_FORM_DATA)
    @RunOnVirtualThread
    @PermissionsAllowed(Scope.INGEST)
    @Operation(
            summary = "Upload a coredump with a log and an attachment beside it",
            description = "A log alone is read for the coredumps and panics in it.")
    public Response uploadParts(
            @PathParam("project") String project,
            @BeanParam Claims claims,
            @RestForm("coredump") @Nullable FileUpload coredump,
            @RestForm("log") @Nullable FileUpload log,
            @RestForm("attachment") @Nullable FileUpload attachment) {
        var now = Instant.now();
        long projectId = projects.named(project).id();
        var dump = coredump == null ? log : coredump;
        if (dump == null) {
            throw Problem.badRequest("no-coredump", "The form has no part coredump with a file in it, and no log");
        }
        intake.checkAnnounced(dump.size());
        var beside = new Intake.Beside(
                coredump == null ? null : beside("log", log, now), beside("attachment", attachment, now));
        try (var body = Files.newInputStream(dump.uploadedFile())) {
            return answer(intake.accept(projectId, claims, open(body, null), beside, now));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private @Nullable String beside(String part, @Nullable FileUpload upload, Instant now) {
        if (upload == null) {
            return null;
        }
        try (var body = Files.newInputStream(upload.uploadedFile())) {
            return intake.beside(part, open(body, null), now);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static UploadBody open(InputStream body, @Nullable String encoding) {
        try {
            return UploadBody.of(body, encoding);
        } catch (UploadBody.Broken e) {
            throw Problem.badRequest(
                    "broken-upload", "The body is not what its Content-Encoding %s says: %s", encoding, e.getMessage());
        }
    }

    private static Response answer(Receipt receipt) {
        return receipt.added()
                ? Response.accepted(new Accepted(receipt.crash(), "queued")).build()
                : Response.ok(new Accepted(receipt.crash(), "duplicate")).build();
    }
}
