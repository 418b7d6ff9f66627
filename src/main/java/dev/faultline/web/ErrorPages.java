package dev.faultline.web;

import dev.faultline.http.Problem;
import dev.faultline.http.ProblemMapper;
import jakarta.enterprise.context.RequestScoped;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Turns what went wrong with a page into a page that helps. */
@RequestScoped
class ErrorPages {
    private final Visit visit;
    private final ProblemMapper problems;

    ErrorPages(Visit visit, ProblemMapper problems) {
        this.visit = visit;
        this.problems = problems;
    }

    /**
     * What was asked for is not there, or can not be.
     *
     * @param project whose page it would have been; its navigation stays, unless it is the project that there is none of
     */
    Response of(Problem problem, @Nullable String project) {
        String heading = problem.status() == 404 ? "Nothing here" : "That can not be shown";
        boolean within =
                Set.of(400, 404).contains(problem.status()) && !problem.type().equals("project-not-found");
        Shell shell = within && project != null ? visit.shell(heading, project, null) : visit.shell(heading);
        return page(shell, problem.status(), heading, problem.detail());
    }

    Response ofForbidden() {
        return page(
                403,
                "Not for you yet",
                "This account lacks the scope \"read\", which that page wants. Ask an admin for one that has it.");
    }

    /** Tells a database that is away from a mistake of ours, and logs either as the API does. */
    Response of(IllegalStateException failure) {
        if (problems.render(failure).getStatus() == 503) {
            return page(503, "The database is away", "It does not answer: try again in a moment. No crash is lost.");
        }
        return ofOurs();
    }

    Response ofOurs() {
        return page(
                500,
                "This page broke",
                "The mistake is ours and is in the service's log. No crash is lost by it; the other pages still work.");
    }

    private Response page(int status, String heading, String explanation) {
        return page(visit.shell(heading), status, heading, explanation);
    }

    private static Response page(Shell shell, int status, String heading, String explanation) {
        return Response.status(status)
                .type(MediaType.TEXT_HTML_TYPE)
                .entity(new ErrorPage(shell, status, heading, explanation))
                .build();
    }
}
