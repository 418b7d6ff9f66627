package dev.faultline.cli.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.faultline.cli.CommandFailure;
import dev.faultline.cli.Terminal;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One project of one service. Requests that fail are {@link CommandFailure}s with the service's own sentence. Uploads are
 * safe to repeat (the service knows the same bytes again), so they are retried where the connection or the service fails.
 */
public final class Server {
    /** Most bytes of an answer; a report with all its threads stays far below. */
    static final int ANSWER_LIMIT = 64 << 20;

    /** Temporary Redirect: a cluster whose crashes are in another one. */
    private static final int MOVED = 307;

    private static final int MOST_MOVES = 5;
    private static final Pattern API_PATH = Pattern.compile("/api/v1/[\\w%.~/-]+$");

    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration ANSWER = Duration.ofSeconds(60);
    /** An upload waits for the symbol index of a large debug file. */
    private static final Duration UPLOAD_ANSWER = Duration.ofMinutes(10);

    private final URI address;
    private final String project;
    private final @Nullable String token;
    private final Terminal terminal;
    private final HttpClient client;
    private final JsonMapper json;

    Server(URI address, String project, @Nullable String token, Terminal terminal) {
        this.address = address;
        this.project = project;
        this.token = token;
        this.terminal = terminal;
        // HTTP/1.1: an upgrade to HTTP/2 would be tried with the first upload's body
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT)
                .build();
        this.json = JsonMapper.builder().build();
    }

    /** Where people look at it. */
    public URI address() {
        return address;
    }

    /** The project that was asked for, by name. */
    public String project() {
        return project;
    }

    /** The path of something in the project, such as {@code symbols/missing}. */
    public String inProject(String path) {
        return "/api/v1/projects/" + encode(project) + "/" + path;
    }

    /** Reads a document, under its new path if the service says that it moved: of the same service, with the same token. */
    public JsonNode get(String path, Map<String, String> query) {
        String asked = path;
        for (int moves = 0; moves < MOST_MOVES; moves++) {
            HttpRequest request = request(asked, query).GET().timeout(ANSWER).build();
            Answer answer = answer(request);
            if (answer.movedTo() == null) {
                return document(request, answer);
            }
            asked = answer.movedTo();
        }
        throw CommandFailure.server(address + path + " moved more than " + MOST_MOVES + " times");
    }

    /** Reads a document that is no JSON. */
    public String text(String path) {
        HttpRequest request = request(path, Map.of())
                .setHeader("Accept", "*/*")
                .GET()
                .timeout(ANSWER)
                .build();
        Answer answer = answer(request);
        if (answer.status() / 100 != 2) {
            throw problem(request, answer);
        }
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    /** Whether a path answers with 200; false as well where nobody answers. */
    public boolean answers(String path) {
        try {
            HttpRequest request =
                    request(path, Map.of()).GET().timeout(Duration.ofSeconds(5)).build();
            return send(request).status() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** Sends a document. */
    public JsonNode post(String path, JsonNode document) {
        return exchange(request(path, Map.of())
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(document.toString()))
                .timeout(ANSWER)
                .build());
    }

    /** Puts a document where it belongs. */
    public JsonNode put(String path, JsonNode document) {
        return exchange(request(path, Map.of())
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString(document.toString()))
                .timeout(ANSWER)
                .build());
    }

    /** Changes what a document names. */
    public void patch(String path, JsonNode document) {
        exchange(request(path, Map.of())
                .header("Content-Type", "application/json")
                .method("PATCH", HttpRequest.BodyPublishers.ofString(document.toString()))
                .timeout(ANSWER)
                .build());
    }

    /** Deletes something. */
    public void delete(String path) {
        exchange(request(path, Map.of()).DELETE().timeout(ANSWER).build());
    }

    /**
     * Sends a file as the body, again after a while when the connection or the service fails.
     *
     * @return the service's answer, and whether it had these bytes already
     */
    public Uploaded upload(String path, Map<String, String> query, Path file) throws IOException {
        check(file);
        return upload(path, query, file, "application/octet-stream", new CountedFile(file, terminal));
    }

    /** Sends a coredump with the log that was written beside it, both as parts of a form; else as {@link #upload}. */
    public Uploaded uploadWithLog(String path, Map<String, String> query, Path coredump, Path log) throws IOException {
        check(coredump);
        check(log);
        var form = Form.of(
                Map.of("coredump", new CountedFile(coredump, terminal), "log", HttpRequest.BodyPublishers.ofFile(log)));
        return upload(path, query, coredump, form.contentType(), form.body());
    }

    private static void check(Path file) throws NoSuchFileException {
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString());
        }
        if (!Files.isRegularFile(file)) {
            throw CommandFailure.refused(file + " is not a file");
        }
    }

    private Uploaded upload(
            String path, Map<String, String> query, Path file, String contentType, HttpRequest.BodyPublisher body) {
        var retry = new Retry();
        while (true) {
            String trouble;
            @Nullable Duration wanted = null;
            try {
                HttpRequest request = request(path, query)
                        .header("Content-Type", contentType)
                        .POST(body)
                        .timeout(UPLOAD_ANSWER)
                        .build();
                Answer answer = send(request);
                terminal.progressDone();
                if (!Retry.MAY_PASS.contains(answer.status())) {
                    return new Uploaded(document(request, answer), answer.status() == 200);
                }
                trouble = sentence(request, answer);
                wanted = answer.retryAfter();
            } catch (ConnectException nobody) {
                trouble = nobodyAnswers();
            } catch (IOException broken) {
                trouble = "the connection to " + address + " broke: " + describe(broken);
            }
            terminal.progressDone();
            retry.waitOrGiveUp(file, trouble, wanted, terminal);
        }
    }

    /** An upload's outcome. */
    public record Uploaded(JsonNode document, boolean known) {}

    private JsonNode exchange(HttpRequest request) {
        return document(request, answer(request));
    }

    private Answer answer(HttpRequest request) {
        try {
            return send(request);
        } catch (ConnectException nobody) {
            throw CommandFailure.server(nobodyAnswers());
        } catch (HttpTimeoutException late) {
            throw CommandFailure.server(address + " did not answer in time");
        } catch (IOException broken) {
            throw CommandFailure.server("the connection to " + address + " broke: " + describe(broken));
        }
    }

    private JsonNode document(HttpRequest request, Answer answer) {
        if (answer.status() / 100 != 2) {
            throw problem(request, answer);
        }
        try {
            return answer.body().length == 0 ? json.createObjectNode() : json.readTree(answer.body());
        } catch (IOException notJson) {
            throw CommandFailure.server(request.uri() + " did not answer with JSON: is it a Faultline service?");
        }
    }

    private CommandFailure problem(HttpRequest request, Answer answer) {
        String sentence = sentence(request, answer);
        return switch (answer.status()) {
            case 401 ->
                CommandFailure.server(sentence
                        + (token == null
                                ? "; the service wants a token: set FAULTLINE_TOKEN"
                                : "; the token is wrong, expired or revoked"));
            case 403 -> CommandFailure.server(sentence + "; the token lacks the scope for this");
            case 408, 429 -> CommandFailure.server(sentence);
            default -> answer.status() / 100 == 4 ? CommandFailure.refused(sentence) : CommandFailure.server(sentence);
        };
    }

    /** The detail of a problem document (RFC 9457), else the status. */
    private String sentence(HttpRequest request, Answer answer) {
        try {
            String detail = json.readTree(answer.body()).path("detail").asText();
            if (!detail.isBlank()) {
                return detail;
            }
        } catch (JsonProcessingException notAProblem) {
            // a proxy's page, or nothing at all: the status has to do
        } catch (IOException e) {
            throw new IllegalStateException("bytes in memory do not fail", e);
        }
        return request.method() + " " + request.uri() + " answered with status " + answer.status();
    }

    private String nobodyAnswers() {
        return "no service answers at " + address + ": start one with `faultline serve`, or name yours with --server";
    }

    private static String describe(IOException failure) {
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }

    private Answer send(HttpRequest request) throws IOException {
        try {
            HttpResponse<InputStream> response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                byte[] bytes = body.readNBytes(ANSWER_LIMIT + 1);
                if (bytes.length > ANSWER_LIMIT) {
                    throw CommandFailure.server(request.uri() + " answered with more than " + ANSWER_LIMIT + " bytes");
                }
                String after = response.headers().firstValue("Retry-After").orElse("");
                return new Answer(
                        response.statusCode(),
                        bytes,
                        // the other form, a date, needs clocks that agree: then our own pause does
                        after.matches("[0-9]{1,9}") ? Duration.ofSeconds(Long.parseLong(after)) : null,
                        response.statusCode() == MOVED ? movedTo(response) : null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CommandFailure.server("interrupted");
        }
    }

    /** The path of the API in a {@code Location}, wherever a proxy says that the service is. */
    private static @Nullable String movedTo(HttpResponse<?> response) {
        String location = response.headers().firstValue("Location").orElse("");
        Matcher path = API_PATH.matcher(location);
        return path.find() ? path.group() : null;
    }

    private HttpRequest.Builder request(String path, Map<String, String> query) {
        String base = address.toString().replaceAll("/+$", "");
        // sorted, so that the same question is the same address
        String parameters = new TreeMap<>(query)
                .entrySet().stream()
                        .map(entry -> encode(entry.getKey()) + "=" + encode(entry.getValue()))
                        .collect(Collectors.joining("&"));
        var builder = HttpRequest.newBuilder(URI.create(base + path + (parameters.isEmpty() ? "" : "?" + parameters)));
        builder.header("Accept", "application/json");
        if (token != null) {
            try {
                builder.header("Authorization", "Bearer " + token);
            } catch (IllegalArgumentException notAHeader) {
                // the exception's message would show the token
                throw CommandFailure.usage("the token holds characters that no token has");
            }
        }
        return builder;
    }

    /** For a path segment or a query value. */
    public static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared, never shown
    private record Answer(
            int status,
            byte[] body,
            @Nullable Duration retryAfter,
            @Nullable String movedTo) {}
}
