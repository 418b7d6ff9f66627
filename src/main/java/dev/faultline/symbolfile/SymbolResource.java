package dev.faultline.symbolfile;

import dev.faultline.access.Projects;
import dev.faultline.access.Scope;
import dev.faultline.http.Page;
import dev.faultline.http.Problem;
import dev.faultline.http.UploadBody;
import dev.faultline.symbols.elf.BuildId;
import dev.faultline.symbols.index.SymbolIndex;
import io.quarkus.security.PermissionsAllowed;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jspecify.annotations.Nullable;

/** The debug files of a project. */
@Path("/api/v1/projects/{project}/symbols")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class SymbolResource {
    /** Most addresses of one lookup. */
    static final int ADDRESSES = 100_000;

    private static final int HEX_DIGITS = 16;

    private final Projects projects;
    private final DebugFiles files;
    private final SymbolUpload upload;

    SymbolResource(Projects projects, DebugFiles files, SymbolUpload upload) {
        this.projects = projects;
        this.files = files;
        this.upload = upload;
    }

    @POST
    @Consumes(MediaType.WILDCARD)
    @PermissionsAllowed(Scope.SYMBOLS)
    @Operation(
            summary =
                    "Upload a debug file or what completes one (a stripped image, .dwp, .dwo, what dwz took out), or an archive"
                            + " of such files, as the request's body")
    @APIResponse(responseCode = "201", description = "In the catalogue; crashes that waited for it are queued")
    @APIResponse(responseCode = "200", description = "It was there already")
    @APIResponse(responseCode = "422", description = "Not a debug file, or a broken one: the detail says where")
    public Response upload(
            @PathParam("project") String project,
            @QueryParam("software") @Nullable String software,
            @QueryParam("version") @Nullable String version,
            @QueryParam("fileName") @Nullable String fileName,
            @HeaderParam("Content-Encoding") @Nullable String encoding,
            InputStream body) {
        var now = Instant.now();
        var about = new SymbolUpload.About(
                projects.named(project).id(),
                name("software", software),
                name("version", version),
                fileName == null ? null : SymbolUpload.fileName(fileName));
        var taken = upload.take(about, open(body, encoding), now);
        boolean added = taken.files().stream().anyMatch(UploadedFile::added);
        return Response.status(added ? Response.Status.CREATED : Response.Status.OK)
                .entity(
                        taken.archive()
                                ? new UploadedFile.OfArchive(taken.files(), taken.skipped())
                                : taken.files().getFirst())
                .build();
    }

    @GET
    @PermissionsAllowed(Scope.READ)
    @Operation(summary = "The catalogue, latest upload first")
    public Page<DebugFile> list(
            @PathParam("project") String project,
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @DefaultValue("50") int limit) {
        return files.list(projects.named(project).id(), after, Page.size(limit));
    }

    @GET
    @Path("missing")
    @PermissionsAllowed(Scope.READ)
    @Operation(summary = "Debug files that crashes wait for, most wanted first, with the command that uploads them")
    public Page<WantedFile> missing(
            @PathParam("project") String project,
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @DefaultValue("50") int limit) {
        return files.missing(projects.named(project), after, Page.size(limit));
    }

    @GET
    @Path("{buildId}")
    @PermissionsAllowed(Scope.READ)
    @Operation(summary = "One debug file, and the files that complete it; with HEAD, whether it is there")
    public DebugFileDetail file(@PathParam("project") String project, @PathParam("buildId") String buildId) {
        var id = buildId(buildId);
        return files.detail(projects.named(project), id).orElseThrow(() -> unknown(buildId));
    }

    @GET
    @Path("{buildId}/lookup")
    @PermissionsAllowed(Scope.READ)
    @Operation(summary = "What addresses mean: functions, files and lines, innermost first")
    public Lookup lookup(
            @PathParam("project") String project,
            @PathParam("buildId") String buildId,
            @QueryParam("address") List<String> addresses) {
        if (addresses.isEmpty()) {
            throw Problem.badRequest("bad-parameter", "address: wanted at least one, such as address=0x8000123");
        }
        return answer(project, buildId, addresses);
    }

    /** Addresses to look up. */
    public record Addresses(@Nullable List<@Nullable String> addresses) {}

    @POST
    @Path("{buildId}/lookup")
    @Consumes(MediaType.APPLICATION_JSON)
    @PermissionsAllowed(Scope.READ)
    @Operation(summary = "What many addresses mean")
    public Lookup lookupMany(
            @PathParam("project") String project, @PathParam("buildId") String buildId, @Nullable Addresses wanted) {
        if (wanted == null || wanted.addresses() == null) {
            throw Problem.badRequest("bad-body", "wanted {\"addresses\": [\"0x8000123\"]}");
        }
        return answer(project, buildId, wanted.addresses());
    }

    private Lookup answer(String project, String buildId, List<@Nullable String> addresses) {
        if (addresses.size() > ADDRESSES) {
            throw Problem.of(
                    413,
                    "too-many-addresses",
                    "Found %d addresses, at most %d are looked up",
                    addresses.size(),
                    ADDRESSES);
        }
        var numbers = new long[addresses.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = address(addresses.get(i));
        }
        var id = buildId(buildId);
        try (var symbols = files.open(projects.named(project).id(), id).orElseThrow(() -> unknown(buildId))) {
            return lookup(symbols.index(), addresses, numbers);
        }
    }

    private static Lookup lookup(SymbolIndex index, List<@Nullable String> addresses, long[] numbers) {
        var results = new ArrayList<Lookup.Result>(numbers.length);
        for (int i = 0; i < numbers.length; i++) {
            var frames = index.lookup(numbers[i]).stream().map(Lookup.Frame::of).toList();
            results.add(new Lookup.Result(String.valueOf(addresses.get(i)), frames));
        }
        return new Lookup(results);
    }

    private static long address(@Nullable String text) {
        if (text != null && (text.startsWith("0x") || text.startsWith("0X"))) {
            String digits = text.substring(2);
            if (!digits.isEmpty()
                    && digits.length() <= HEX_DIGITS
                    && digits.chars().allMatch(digit -> Character.digit(digit, 16) >= 0 && digit < 128)) {
                return Long.parseUnsignedLong(digits, 16);
            }
        }
        throw Problem.badRequest("bad-address", "address: found %s, wanted hexadecimal such as 0x8000123", text);
    }

    private static BuildId buildId(String text) {
        try {
            return BuildId.parse(text);
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest(
                    "bad-build-id", "build id: found %s, wanted an even number of hexadecimal digits", text);
        }
    }

    private static Problem unknown(String buildId) {
        return Problem.notFound("symbols-not-found", "No debug file of build %s was uploaded", buildId);
    }

    private static @Nullable String name(String parameter, @Nullable String value) {
        if (value == null || value.isBlank()) {
            return null;
        }
        if (value.length() > 200 || value.chars().anyMatch(Character::isISOControl)) {
            throw Problem.badRequest(
                    "bad-parameter", "%s: wanted at most 200 characters, none of them a control character", parameter);
        }
        return value.strip();
    }

    private static UploadBody open(InputStream body, @Nullable String encoding) {
        try {
            return UploadBody.of(body, encoding);
        } catch (UploadBody.Broken e) {
            throw Problem.badRequest(
                    "broken-upload", "The body is not what its Content-Encoding %s says: %s", encoding, e.getMessage());
        }
    }
}
