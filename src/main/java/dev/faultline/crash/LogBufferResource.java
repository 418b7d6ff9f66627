package dev.faultline.crash;

import dev.faultline.access.Projects;
import dev.faultline.access.Scope;
import dev.faultline.http.Problem;
import dev.faultline.symbols.logs.LogBuffer;
import dev.faultline.symbols.logs.LogSources;
import io.quarkus.security.PermissionsAllowed;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/** Rings of text in the memory of a project's firmware, by the names of their variables. */
@Path("/api/v1/projects/{project}/log-buffers")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class LogBufferResource {
    private final Projects projects;
    private final LogBuffers buffers;

    LogBufferResource(Projects projects, LogBuffers buffers) {
        this.projects = projects;
        this.buffers = buffers;
    }

    /**
     * One ring.
     *
     * @param symbol the variable: a {@code char[]}, or a pointer to one where {@code size} is named
     * @param head the variable with the place of the next byte: an index, a count of all bytes, or a pointer
     * @param size the variable with the number of bytes, where it is not that of the array
     */
    public record Named(
            @Nullable String symbol,
            @Nullable String head,
            @Nullable String size) {}

    /** All rings of a project. */
    public record AllNamed(@Nullable List<Named> items) {}

    @GET
    @PermissionsAllowed(Scope.READ)
    @Operation(summary = "The log buffers that crashes of the project are searched for")
    public AllNamed list(@PathParam("project") String project) {
        return named(buffers.of(projects.named(project).id()));
    }

    @PUT
    @Consumes(MediaType.APPLICATION_JSON)
    @PermissionsAllowed(Scope.WRITE)
    @Operation(
            summary = "Name the log buffers of the project",
            description = "All of them at once. Crashes that were processed are processed again.")
    public AllNamed replace(@PathParam("project") String project, @Nullable AllNamed asked) {
        long projectId = projects.named(project).id();
        var wanted = checked(asked);
        buffers.replace(projectId, wanted, Instant.now());
        return named(wanted);
    }

    private static AllNamed named(List<LogBuffer> buffers) {
        return new AllNamed(buffers.stream()
                .map(buffer -> new Named(buffer.symbol(), buffer.head(), buffer.size()))
                .toList());
    }

    private static List<LogBuffer> checked(@Nullable AllNamed asked) {
        if (asked == null || asked.items() == null) {
            throw Problem.badRequest("bad-log-buffers", "Wanted {\"items\":[{\"symbol\",\"head\",\"size\"}]}");
        }
        if (asked.items().size() > LogSources.MOST_BUFFERS) {
            throw Problem.badRequest(
                    "bad-log-buffers",
                    "items: found %d, at most %d are taken",
                    asked.items().size(),
                    LogSources.MOST_BUFFERS);
        }
        var buffers = new ArrayList<LogBuffer>();
        var symbols = new HashSet<String>();
        for (var item : asked.items()) {
            var buffer = checked(item);
            if (!symbols.add(buffer.symbol())) {
                throw Problem.badRequest("bad-log-buffers", "symbol: %s is there twice", buffer.symbol());
            }
            buffers.add(buffer);
        }
        return buffers;
    }

    private static LogBuffer checked(@Nullable Named item) {
        try {
            return item == null
                    ? LogBuffer.parse("")
                    : new LogBuffer(item.symbol() == null ? "" : item.symbol(), item.head(), item.size());
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest("bad-log-buffers", "items: %s", e.getMessage());
        }
    }
}
