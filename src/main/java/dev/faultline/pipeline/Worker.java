package dev.faultline.pipeline;

import dev.faultline.crash.CrashQueue;
import dev.faultline.crash.Crashes;
import dev.faultline.crash.Job;
import dev.faultline.ops.Transactions;
import dev.faultline.symbols.bytes.FormatException;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Takes crashes from the queue to the pipeline, several at a time. On threads of the operating system, not on virtual
 * ones: an analysis computes, and would keep uploads from their turn.
 */
@ApplicationScoped
class Worker {
    private static final Logger LOG = Logger.getLogger(Worker.class);

    /** A crash that fails this often is set aside. */
    static final int ATTEMPTS = 5;

    /** The pause after the first failure; each is this many times the one before: 5 s to 10 min. */
    private static final int BACK_OFF_SECONDS = 5;

    /** Jobs taken at a time: few enough that other workers find some too. */
    private static final int BATCH = 4;

    /** How long a job that nobody was told of waits at most. */
    private static final Duration POLL = Duration.ofSeconds(1);

    private static final int STOP_SECONDS = 10;

    private final Pipeline pipeline;
    private final CrashQueue queue;
    private final Crashes crashes;
    private final Transactions transactions;
    private final MeterRegistry metrics;
    private final int size;
    private final boolean alone;
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean running;

    Worker(
            Pipeline pipeline,
            CrashQueue queue,
            Crashes crashes,
            Transactions transactions,
            MeterRegistry metrics,
            @ConfigProperty(name = "faultline.workers") int size,
            @ConfigProperty(name = "faultline.embedded-database") boolean alone) {
        this.pipeline = pipeline;
        this.queue = queue;
        this.crashes = crashes;
        this.transactions = transactions;
        this.metrics = metrics;
        this.size = size > 0 ? size : Runtime.getRuntime().availableProcessors();
        this.alone = alone;
    }

    void start(@Observes StartupEvent event) {
        running = true;
        if (alone) {
            takeBack();
        }
        for (int i = 0; i < size; i++) {
            threads.add(Thread.ofPlatform().name("crash-worker-" + i).start(this::work));
        }
    }

    /** Our database serves nobody else: a lease is that of a run that was killed. In a shared one leases have to expire. */
    private void takeBack() {
        int jobs = queue.takeBack();
        if (jobs > 0) {
            LOG.infof("%d crashes were being processed when the service ended: they are processed again", jobs);
        }
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        running = false;
        threads.forEach(thread -> queue.wake());
        for (Thread thread : threads) {
            thread.join(Duration.ofSeconds(STOP_SECONDS));
        }
    }

    /** Whether every thread is at work or waits for some. */
    boolean alive() {
        return running && threads.size() == size && threads.stream().allMatch(Thread::isAlive);
    }

    private void work() {
        while (running) {
            try {
                if (!workOnce()) {
                    queue.await(POLL);
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException | OutOfMemoryError e) {
                // the database is away, most likely: what is on lease comes back when that is over
                LOG.warnf("cannot take crashes from the queue: %s", e.getMessage());
                pause();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(POLL);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean workOnce() {
        var jobs = queue.claim(BATCH, Instant.now());
        if (jobs.size() == BATCH) {
            queue.wake();
        }
        for (Job job : jobs) {
            work(job, Instant.now());
        }
        return !jobs.isEmpty();
    }

    private void work(Job job, Instant now) {
        var time = Timer.start(metrics);
        String outcome;
        try {
            if (job.attempt() > ATTEMPTS) {
                outcome = quarantine(job, "Its processing was begun %d times and never ended".formatted(ATTEMPTS), now);
            } else {
                outcome = pipeline.process(job, now)
                        .name()
                        .toLowerCase(Locale.ROOT)
                        .replace('_', '-');
            }
        } catch (FormatException e) {
            outcome = quarantine(job, String.valueOf(e.getMessage()), now);
        } catch (IOException | RuntimeException | StackOverflowError | OutOfMemoryError e) {
            outcome = failed(job, e, now);
        }
        time.stop(metrics.timer("faultline.processing", "outcome", outcome));
    }

    private String failed(Job job, Throwable e, Instant now) {
        String reason = "Processing failed: " + e;
        if (job.attempt() >= ATTEMPTS) {
            LOG.errorf(e, "crash %s is set aside after %d attempts", job.crash(), job.attempt());
            return quarantine(job, reason, now);
        }
        var pause = Duration.ofSeconds((long) Math.pow(BACK_OFF_SECONDS, job.attempt()));
        LOG.warnf(e, "crash %s failed, attempt %d; again in %s", job.crash(), job.attempt(), pause);
        queue.retry(job, reason, now.plus(pause));
        return "failed";
    }

    private String quarantine(Job job, String reason, Instant now) {
        return transactions.repeatable(transaction -> {
            if (!queue.end(transaction, job)) {
                return "lost";
            }
            crashes.quarantine(transaction, job.crash(), reason, now);
            return "quarantined";
        });
    }
}
