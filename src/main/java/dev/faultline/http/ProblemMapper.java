package dev.faultline.http;

import jakarta.ws.rs.core.Response;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Renders a {@link Problem} as {@code application/problem+json}; a database that is away is one too. */
public class ProblemMapper {
    private static final Logger LOG = Logger.getLogger(ProblemMapper.class);
    private static final int RETRY_SECONDS = 5;

    /** Connection exceptions; shutdown or crash of the server; too many connections. */
    private static final List<String> AWAY = List.of("08", "57P", "53");

    private static final String TYPE = "application/problem+json";

    @ServerExceptionMapper
    public Response render(Problem problem) {
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

    @ServerExceptionMapper
    Response render(IllegalStateException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && isAway(sql)) {
                LOG.warnf("the database is away: %s", sql.getMessage());
                return render(Problem.of(503, "database-away", "The database does not answer: try again soon")
                        .with(Map.of(Problem.RETRY_AFTER_SECONDS, RETRY_SECONDS)));
            }
        }
        LOG.error("a request failed because of a bug of ours", e);
        return render(Problem.of(500, "internal-error", "This is a bug of the service; its log has the details"));
    }

    private static boolean isAway(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        // a pool without a connection to give has no state
        return e instanceof SQLTimeoutException || AWAY.stream().anyMatch(state::startsWith);
    }
}
