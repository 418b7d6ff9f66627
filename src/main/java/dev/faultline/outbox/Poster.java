package dev.faultline.outbox;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Posts a body to an address that was looked at before. The connection goes to that machine while name and certificate are those of
 * the URL: a name that means another machine a moment later changes nothing. Redirects are not followed, answers are not read.
 */
@ApplicationScoped
class Poster {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final Duration WHOLE = Duration.ofSeconds(20);

    private final HttpClient http;

    Poster(Vertx vertx) {
        this.http = vertx.createHttpClient(new HttpClientOptions()
                .setKeepAlive(false)
                .setConnectTimeout((int) CONNECT.toMillis())
                .setIdleTimeout((int) ANSWER.toSeconds())
                .setMaxHeaderSize(16 << 10)
                .setVerifyHost(true));
    }

    @PreDestroy
    void close() {
        http.close();
    }

    /** No answer came; the message says why. */
    static final class Failed extends Exception {
        private static final long serialVersionUID = 1;

        Failed(String message) {
            super(message);
        }
    }

    /** The status of the answer. */
    int post(Addresses.Target target, Map<String, String> headers, String body) throws Failed, InterruptedException {
        var options = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setSsl(target.tls())
                .setHost(target.host())
                .setPort(target.port())
                .setURI(target.path())
                .setServer(SocketAddress.inetSocketAddress(
                        target.port(), target.address().getHostAddress()))
                .setFollowRedirects(false)
                .setTimeout(ANSWER.toMillis());
        headers.forEach(options::putHeader);
        var answer = http.request(options)
                .compose(request -> request.send(Buffer.buffer(body)))
                .map(response -> {
                    int status = response.statusCode();
                    // whatever comes behind the headers is nobody's business
                    response.request().connection().close();
                    return status;
                })
                .toCompletionStage()
                .toCompletableFuture();
        try {
            return answer.get(WHOLE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new Failed("no answer within %d seconds".formatted(WHOLE.toSeconds()));
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new Failed(cause.getClass().getSimpleName() + ": " + cause.getMessage());
        }
    }
}
