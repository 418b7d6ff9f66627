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
import dev.faultline.symbols.store.SymbolSource;
import io.quarkus.security.PermissionsAllowed;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/** Globals, memory and the coredump of a crash. */
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

    @GET
    @Path("coredump")
    @Produces(MediaType.APPLICATION_OCTET_STREAM)
    @PermissionsAllowed(Scope.READ)
    @Operation(
            summary =
                    "The coredump as it was uploaded, or with as=elf as an ELF core that gdb opens, with the threads that"
                            + " only the kernel's memory shows")
    public Response coredump(
            @PathParam("project") String project, @PathParam("id") String id, @QueryParam("as") @Nullable String as) {
        if (as == null) {
            UUID crash = CrashIds.parse(id);
            var stored = stored(projects.named(project).id(), crash);
            var path = blobs.path(stored.sha256()).orElseThrow(() -> CrashIds.gone(crash));
            return download(path.toFile(), crash + ".coredump");
        }
        if (!as.equals("elf")) {
            throw Problem.badRequest("bad-parameter", "as: found %s, wanted elf", as);
        }
        return read(
                project,
                id,
                (dump, stored, symbols) -> download(
                        CrashAnalysis.elfCore(dump, stored.ordinal(), symbols, stored.claims(), Limits.DEFAULT)
                                .toArray(ValueLayout.JAVA_BYTE),
                        CrashIds.parse(id) + ".core"));
    }

    private static Response download(Object bytes, String name) {
        return Response.ok(bytes, MediaType.APPLICATION_OCTET_STREAM)
                .header("Content-Disposition", "attachment; filename=\"" + name + "\"")
                .build();
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
        return read(project, id, (dump, stored, symbols) -> {
            try (var open = CrashAnalysis.examine(dump, stored.ordinal(), symbols, stored.claims(), Limits.DEFAULT)) {
                return question.apply(open);
            }
        });
    }

    /** What is made of a coredump with the symbols of its project. */
    private interface Reading<T> {
        T of(MemorySegment dump, Crashes.Stored stored, SymbolSource symbols);
    }

    private <T> T read(String project, String id, Reading<T> reading) {
        UUID crash = CrashIds.parse(id);
        long projectId = projects.named(project).id();
        var stored = stored(projectId, crash);
        try (var file = blobs.open(stored.sha256());
                var arena = Arena.ofConfined()) {
            var dump = file.map(FileChannel.MapMode.READ_ONLY, 0, file.size(), arena);
            return reading.of(dump, stored, debugFiles.of(projectId));
        } catch (NoSuchFileException e) {
            throw CrashIds.gone(crash);
        } catch (FormatException e) {
            throw Problem.of(422, "not-readable", "The coredump of %s can not be read: %s", crash, e.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Crashes.Stored stored(long projectId, UUID crash) {
        return crashes.coredump(projectId, crash).orElseThrow(() -> CrashIds.unknown(crash));
    }
}
