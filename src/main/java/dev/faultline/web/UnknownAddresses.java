package dev.faultline.web;

import dev.faultline.http.Problem;
import dev.faultline.http.ProblemMapper;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Answers what no resource answers: a program gets a problem, a person a page. */
class UnknownAddresses {
    private final ErrorPages errors;
    private final ProblemMapper problems;

    UnknownAddresses(ErrorPages errors, ProblemMapper problems) {
        this.errors = errors;
        this.problems = problems;
    }

    @ServerExceptionMapper
    Response render(NotFoundException unknown, UriInfo address) {
        String path = address.getPath();
        Problem problem = Problem.notFound("address-not-found", "There is nothing at %s.", path);
        return path.startsWith("/api/") ? problems.render(problem) : errors.of(problem, null);
    }
}
