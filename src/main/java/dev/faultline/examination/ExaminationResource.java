package dev.faultline.examination;

import dev.faultline.access.Projects;
import dev.faultline.access.Scope;
import dev.faultline.crash.CrashIds;
import dev.faultline.crash.Crashes;
import dev.faultline.http.Problem;
import dev.faultline.symbolfile.DebugFiles;
import dev.faultline.symbols.analysis.CrashAnalysis;
import dev.faultline.symbols.analysis.CrashExamination;
import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.report.GlobalReport;
import dev.faultline.symbols.report.MemoryReport;
import dev.faultline.symbols.store.BlobStore;
import io.quarkus.security.PermissionsAllowed;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/** Globals and memory of a crash. */
@Path("/api/v1/projects/{project}/crashes/{id}")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class ExaminationResource {
    private final Projects projects;
    private final Crashes crashes;
    private final DebugFiles debugFiles;
    private final BlobStore blobs;

    ExaminationResource(Projects projects, Crashes crashes, DebugFiles debugFiles, BlobStore blobs) {
        this.projects = projects;
        this.crashes = crashes;
        this.debugFiles = debugFiles;
        this.blobs = blobs;
    }

    /** Some of the globals. */
    public record Globals(List<GlobalReport> items) {}

    @GET
    @Path("globals")
    @PermissionsAllowed(Scope.READ)
    @Operation(summary = "Globals of a crash with what they held: those of a name, or all, file by file")
    public Globals globals(
            @PathParam("project") String project,
            @PathParam("id") String id,
            @QueryParam("name") @Nullable String name,
            @QueryParam("from") @DefaultValue("0") int from,
            @QueryParam("limit") @DefaultValue("50") int limit) {
        if (from < 0) {
            throw Problem.badRequest("bad-parameter", "from: found %d, wanted 0 or more", from);
        }
        if (limit < 1 || limit > CrashExamination.MOST_GLOBALS) {
            throw Problem.badRequest(
                    "bad-parameter", "limit: found %d, wanted 1 to %d", limit, CrashExamination.MOST_GLOBALS);
        }
        return examine(project, id, open -> new Globals(name == null ? open.globals(from, limit) : open.globals(name)));
    }

    @GET
    @Path("memory")
    @PermissionsAllowed(Scope.READ)
    @Operation(summary = "Memory of a crash from an address on, and the globals that lie there")
    public MemoryReport memory(
            @PathParam("project") String project,
            @PathParam("id") String id,
            @QueryParam("address") @Nullable String address,
            @QueryParam("size") @DefaultValue("256") int size) {
        if (size < 1 || size > CrashExamination.MOST_BYTES) {
            throw Problem.badRequest(
                    "bad-parameter", "size: found %d, wanted 1 to %d", size, CrashExamination.MOST_BYTES);
        }
        long start = address(address);
        return examine(project, id, open -> open.memory(start, size));
    }

    private static long address(@Nullable String text) {
        try {
            if (text != null && text.startsWith("0x")) {
                return Long.parseUnsignedLong(text.substring(2), 16);
            }
        } catch (NumberFormatException e) {
            throw noAddress(text);
        }
        throw noAddress(text);
    }

    private static Problem noAddress(@Nullable String text) {
        return Problem.badRequest("bad-parameter", "address: found %s, wanted one such as 0x20000000", text);
    }

    private <T> T examine(String project, String id, Function<CrashExamination, T> question) {
        UUID crash = CrashIds.parse(id);
        long projectId = projects.named(project).id();
        var stored = crashes.coredump(projectId, crash).orElseThrow(() -> CrashIds.unknown(crash));
        try (var file = blobs.open(stored.sha256());
                var arena = Arena.ofConfined()) {
            var dump = file.map(FileChannel.MapMode.READ_ONLY, 0, file.size(), arena);
            try (var open = CrashAnalysis.examine(
                    dump, stored.ordinal(), debugFiles.of(projectId), stored.claims(), Limits.DEFAULT)) {
                return question.apply(open);
            }
        } catch (NoSuchFileException e) {
            throw CrashIds.gone(crash);
        } catch (FormatException e) {
            throw Problem.of(422, "not-readable", "The coredump of %s can not be read: %s", crash, e.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
