package dev.faultline.http;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What went wrong with a request, for the one who made it (RFC 9457). Thrown by resources; one mapper renders it.
 * Everything else that is thrown is our own bug and stays a 500.
 */
public final class Problem extends RuntimeException {
    /** The member that says when to come again; sent as {@code Retry-After} too. */
    public static final String RETRY_AFTER_SECONDS = "retryAfterSeconds";

    private final int status;
    private final String detail;
    private final String type;
    private final Map<String, Object> details;

    private Problem(int status, String type, String detail, Map<String, Object> details) {
        super(detail);
        this.status = status;
        this.detail = detail;
        this.type = type;
        this.details = Map.copyOf(details);
    }

    /**
     * A problem of any status.
     *
     * @param status the HTTP status
     * @param type a short name that programs may look at, such as {@code cluster-not-found}
     * @param format a sentence that says what is wrong with what, as in {@link String#format}
     */
    @FormatMethod
    public static Problem of(int status, String type, @FormatString String format, @Nullable Object... arguments) {
        return new Problem(status, type, format.formatted(arguments), Map.of());
    }

    @FormatMethod
    public static Problem badRequest(String type, @FormatString String format, @Nullable Object... arguments) {
        return of(400, type, format, arguments);
    }

    @FormatMethod
    public static Problem notFound(String type, @FormatString String format, @Nullable Object... arguments) {
        return of(404, type, format, arguments);
    }

    /** The same problem with members of its own beside the standard's. */
    public Problem with(Map<String, Object> details) {
        return new Problem(status, type, detail, details);
    }

    public int status() {
        return status;
    }

    public String detail() {
        return detail;
    }

    public String type() {
        return type;
    }

    public Map<String, Object> details() {
        return details;
    }
}
