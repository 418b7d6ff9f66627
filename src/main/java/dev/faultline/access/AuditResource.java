package dev.faultline.access;

import dev.faultline.http.Page;
import io.quarkus.security.PermissionsAllowed;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** Who did what. */
@Path("/api/v1/audit")
@Tag(name = "access")
@RunOnVirtualThread
class AuditResource {
    private final Audit audit;

    AuditResource(Audit audit) {
        this.audit = audit;
    }

    @GET
    @PermissionsAllowed(Scope.ADMIN)
    @Operation(summary = "List the audit log", description = "Newest first.")
    public Page<Audit.Entry> list(
            @RestQuery @Nullable Long after, @RestQuery @DefaultValue("100") @Min(1) @Max(Page.MOST) int limit) {
        List<Audit.Entry> found = audit.before(after == null ? Long.MAX_VALUE : after, limit);
        return new Page<>(
                found,
                found.size() < limit ? null : Long.toString(found.getLast().id()));
    }
}
