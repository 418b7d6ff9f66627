package dev.faultline.web;

import dev.faultline.http.Problem;
import jakarta.enterprise.context.RequestScoped;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** Turns what went wrong with a page into a page that helps. */
@RequestScoped
class ErrorPages {
    private final Visit visit;

    ErrorPages(Visit visit) {
        this.visit = visit;
    }

    Response of(Problem problem) {
        String heading = problem.status() == 404 ? "Nothing here" : "That can not be shown";
        return page(problem.status(), heading, problem.detail());
    }

    Response ofOurs() {
        return page(
                500,
                "This page broke",
                "The mistake is ours and is in the service's log. No crash is lost by it; the other pages still work.");
    }

    private Response page(int status, String heading, String explanation) {
        return Response.status(status)
                .type(MediaType.TEXT_HTML_TYPE)
                .entity(new ErrorPage(visit.shell(heading), status, heading, explanation))
                .build();
    }
}
