package dev.faultline.similarity;

import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;

/** Compares new variants, aside from the transactions that bring them; chooses weights again when people taught some. */
@ApplicationScoped
class SimilarityRunner {
    /** A round ends, so that the service can. */
    private static final Duration ROUND = Duration.ofSeconds(5);

    private final Similarities similarities;

    SimilarityRunner(Similarities similarities) {
        this.similarities = similarities;
    }

    @Scheduled(every = "2s", delayed = "2s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void compare() {
        Instant begin = Instant.now();
        Instant now = begin;
        while (similarities.compareNext(now) && now.isBefore(begin.plus(ROUND))) {
            now = Instant.now();
        }
    }

    @Scheduled(every = "1h", delayed = "5m", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void tune() {
        similarities.tune(Instant.now());
    }
}
