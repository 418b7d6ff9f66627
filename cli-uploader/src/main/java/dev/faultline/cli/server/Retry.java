package dev.faultline.cli.server;

import dev.faultline.cli.CommandFailure;
import dev.faultline.cli.Terminal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** The attempts of one upload: each pause about twice the one before, the service's own wish heard within bounds. */
final class Retry {
    static final int ATTEMPTS = 6;
    /** Too many requests, and what proxies and a service that starts or is full answer. */
    static final Set<Integer> MAY_PASS = Set.of(429, 502, 503, 504);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private int attempt = 1;

    void waitOrGiveUp(Path file, String trouble, @Nullable Duration wanted, Terminal terminal) {
        if (attempt == ATTEMPTS) {
            throw CommandFailure.server(file + " was not uploaded, after " + ATTEMPTS + " attempts: " + trouble);
        }
        Duration pause = pause(wanted);
        terminal.progress(
                "%s; attempt %d of %d in %.1f s".formatted(trouble, attempt + 1, ATTEMPTS, pause.toMillis() / 1000.0));
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CommandFailure.server("interrupted");
        }
        attempt++;
    }

    private Duration pause(@Nullable Duration wanted) {
        if (wanted != null) {
            return wanted.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : wanted;
        }
        long millis = FIRST_PAUSE.toMillis() << (attempt - 1);
        // by chance up to half longer: many CI jobs that failed together should not come back together
        return Duration.ofMillis(millis + ThreadLocalRandom.current().nextLong(millis / 2));
    }
}
