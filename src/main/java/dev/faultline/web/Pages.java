package dev.faultline.web;

import dev.faultline.access.Scope;
import dev.faultline.http.Problem;
import io.quarkus.security.PermissionsAllowed;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** The addresses of the pages; each method names the record that becomes the page. */
@Path("/")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
class Pages {
    private static final Logger LOG = Logger.getLogger(Pages.class);
    private static final String FIRST_PROJECT = "default";

    private final ErrorPages errors;

    Pages(ErrorPages errors) {
        this.errors = errors;
    }

    @GET
    @PermissionsAllowed(Scope.READ)
    public Response start() {
        return Response.seeOther(
                        URI.create(Address.ofProject(FIRST_PROJECT, "clusters").toString()))
                .build();
    }

    @ServerExceptionMapper
    Response render(Problem problem) {
        return errors.of(problem);
    }

    @ServerExceptionMapper
    Response render(RuntimeException mistake) {
        LOG.error("a page failed", mistake);
        return errors.ofOurs();
    }
}
