package dev.faultline.http;

import jakarta.ws.rs.core.Response;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Renders a {@link Problem} as {@code application/problem+json}. */
class ProblemMapper {
    private static final String TYPE = "application/problem+json";

    @ServerExceptionMapper
    Response render(Problem problem) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("type", "urn:faultline:problem:" + problem.type());
        body.put("title", problem.type().replace('-', ' '));
        body.put("status", problem.status());
        body.put("detail", problem.detail());
        body.putAll(problem.details());
        var response = Response.status(problem.status()).type(TYPE).entity(body);
        Object wait = problem.details().get(Problem.RETRY_AFTER_SECONDS);
        return (wait == null ? response : response.header("Retry-After", wait)).build();
    }
}
