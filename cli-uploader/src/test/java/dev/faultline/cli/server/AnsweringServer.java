package dev.faultline.cli.server;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;

/** An HTTP server that gives the answers it was told, in order: for what the real service does only in trouble. */
public final class AnsweringServer implements AutoCloseable {
    private final HttpServer http;
    private final Queue<Answer> answers = new ArrayDeque<>();
    private final List<Asked> asked = Collections.synchronizedList(new ArrayList<>());

    private record Answer(int status, Map<String, String> headers, String body) {}

    public record Asked(String method, String uri, String authorization, String contentType, String body) {
        public int bytes() {
            return body.length();
        }
    }

    public AnsweringServer() throws IOException {
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.createContext("/", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            asked.add(new Asked(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().toString(),
                    String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")),
                    String.valueOf(exchange.getRequestHeaders().getFirst("Content-Type")),
                    new String(body, StandardCharsets.ISO_8859_1)));
            Answer answer;
            synchronized (answers) {
                answer = answers.remove();
            }
            answer.headers().forEach(exchange.getResponseHeaders()::set);
            byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        http.start();
    }

    public AnsweringServer then(int status, String body) {
        return then(status, Map.of(), body);
    }

    public AnsweringServer then(int status, Map<String, String> headers, String body) {
        synchronized (answers) {
            answers.add(new Answer(status, headers, body));
        }
        return this;
    }

    public String address() {
        return "http://127.0.0.1:" + http.getAddress().getPort();
    }

    public List<Asked> asked() {
        return List.copyOf(asked);
    }

    @Override
    public void close() {
        http.stop(0);
    }
}
