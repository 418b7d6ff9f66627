package dev.faultline.regroup;

import dev.faultline.cluster.GroupingDifference;
import dev.faultline.cluster.Regrouping;
import dev.faultline.cluster.Regrouping.Laid;
import dev.faultline.crash.Stacks;
import dev.faultline.fingerprint.Fingerprint;
import dev.faultline.fingerprint.Fingerprinter;
import dev.faultline.fingerprint.ProjectRules;
import dev.faultline.ops.Transactions;
import dev.faultline.regroup.RegroupJobs.Claimed;
import dev.faultline.regroup.RegroupJobs.LeaseLost;
import dev.faultline.rules.Rules;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Runs regroup jobs, one at a time. A job that was interrupted starts over, but for its plan: what it did is done already,
 * and what it left is where it was.
 */
@ApplicationScoped
class RegroupRunner {
    private static final Logger LOG = Logger.getLogger(RegroupRunner.class);

    /** Changes of each kind that a job tells. */
    static final int MOST_TOLD = 10_000;

    /** Stacks whose fingerprints are in memory at a time. */
    private static final int STACKS_AT_ONCE = 200;

    /** Crashes that were on their way with the rules of before are found by going over the stacks again. */
    private static final int MOST_PASSES = 3;

    private static final Duration POLL = Duration.ofSeconds(30);
    private static final int STOP_SECONDS = 10;

    private final RegroupJobs jobs;
    private final Stacks stacks;
    private final Rules rules;
    private final Fingerprinter fingerprinter;
    private final Regrouping regrouping;
    private final Transactions transactions;
    private final boolean alone;
    private final Semaphore news = new Semaphore(0);
    private @Nullable Thread thread;
    private volatile boolean running;

    RegroupRunner(
            RegroupJobs jobs,
            Stacks stacks,
            Rules rules,
            Fingerprinter fingerprinter,
            Regrouping regrouping,
            Transactions transactions,
            @ConfigProperty(name = "faultline.embedded-database") boolean alone) {
        this.jobs = jobs;
        this.stacks = stacks;
        this.rules = rules;
        this.fingerprinter = fingerprinter;
        this.regrouping = regrouping;
        this.transactions = transactions;
        this.alone = alone;
    }

    void start(@Observes StartupEvent event) {
        running = true;
        if (alone) {
            jobs.takeBack();
        }
        thread = Thread.ofPlatform().name("regroup").start(this::work);
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        running = false;
        wake();
        if (thread != null) {
            thread.join(Duration.ofSeconds(STOP_SECONDS));
        }
    }

    /** Tells that there may be a job. */
    void wake() {
        news.release();
    }

    private void work() {
        while (running) {
            try {
                if (!workOnce(Instant.now())) {
                    news.tryAcquire(POLL.toSeconds(), TimeUnit.SECONDS);
                    news.drainPermits();
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException | OutOfMemoryError e) {
                LOG.warnf("cannot take regroup jobs: %s", e.getMessage());
                pause();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(Duration.ofSeconds(1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Runs the next job; whether there was one. */
    boolean workOnce(Instant now) {
        var claimed = jobs.claim(now);
        claimed.ifPresent(this::run);
        return claimed.isPresent();
    }

    private void run(Claimed job) {
        try {
            new Run(job).run();
        } catch (LeaseLost lost) {
            LOG.warn(lost.getMessage());
        } catch (Stopped stopped) {
            LOG.infof("regroup %d starts over at the next start", job.id());
        } catch (RuntimeException | OutOfMemoryError e) {
            LOG.errorf(e, "regroup %d failed", job.id());
            fail(job, String.valueOf(e.getMessage()));
        }
    }

    private void fail(Claimed job, String error) {
        try {
            transactions.durable(transaction -> {
                jobs.end(transaction, job, error, Instant.now());
                return 0;
            });
        } catch (LeaseLost lost) {
            LOG.warn(lost.getMessage());
        }
    }

    /** The service ends. */
    private static final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1;

        Stopped() {
            super("the service ends");
        }
    }

    /** One job, from its first step to its last. */
    private final class Run {
        private final Claimed job;
        private final ProjectRules projectRules;
        private final Fingerprinter.ByRules byRules;
        private final PrintedStacks printed;

        Run(Claimed job) {
            this.job = job;
            this.projectRules = rules.of(job.projectId());
            this.byRules = fingerprinter.by(projectRules);
            this.printed = new PrintedStacks(stacks, job.projectId(), byRules);
        }

        void run() {
            long unfilled = stacks.unfilled(job.projectId());
            if (unfilled > 0) {
                stacks.fill(job.projectId(), Long.MAX_VALUE, done -> step("reading reports", done, unfilled));
            }
            long all = stacks.count(job.projectId());
            step("making fingerprints", 0, all);
            printed.all(done -> step("making fingerprints", done, all));
            step("comparing", 0, 1);
            if (job.dryRun()) {
                GroupingDifference difference = transactions.snapshot(
                        snapshot -> regrouping.difference(snapshot, job.projectId(), printed, 0, MOST_TOLD));
                transactions.durable(transaction -> {
                    jobs.result(transaction, job, difference);
                    jobs.end(transaction, job, null, Instant.now());
                    return 0;
                });
            } else {
                apply();
            }
        }

        private void step(String what, long done, long all) {
            if (!running) {
                throw new Stopped();
            }
            jobs.step(job, what, done, all, byRules.version(), Instant.now());
        }

        private void apply() {
            String by = "%s, algorithm %d".formatted(byRules.version(), byRules.algorithm());
            var stays = transactions.read(connection -> jobs.laid(connection, job, by));
            Laid laid = stays.isPresent()
                    ? transactions.read(connection -> regrouping.laid(connection, job.projectId(), stays.get()))
                    : lay(by);
            long moved = 1;
            for (int pass = 0; pass < MOST_PASSES && moved > 0; pass++) {
                moved = pass(laid);
            }
            transactions.durable(transaction -> {
                regrouping.settle(transaction, job.projectId());
                jobs.end(transaction, job, null, Instant.now());
                return 0;
            });
        }

        private Laid lay(String by) {
            return transactions.durable(transaction -> {
                var planned = regrouping.lay(
                        transaction,
                        job.projectId(),
                        printed,
                        printed::fingerprint,
                        "regroup %d: the same frames say where it crashed".formatted(job.id()),
                        MOST_TOLD,
                        Instant.now());
                jobs.result(transaction, job, planned.difference());
                jobs.laid(transaction, job, planned.laid().stays(), by);
                return planned.laid();
            });
        }

        private long pass(Laid laid) {
            long moved = 0;
            for (int from = 0; from < printed.size(); from += STACKS_AT_ONCE) {
                step("moving crashes", from, printed.size());
                for (Printed stack : some(printed.ids(from, STACKS_AT_ONCE))) {
                    int more;
                    do {
                        more = transactions.repeatable(transaction -> {
                            unchanged(transaction);
                            return regrouping.move(transaction, job.projectId(), stack.id(), stack.fingerprint(), laid);
                        });
                        moved += more;
                    } while (more == Regrouping.AT_ONCE);
                }
            }
            return moved;
        }

        private record Printed(long id, Fingerprint fingerprint) {}

        private List<Printed> some(List<Long> ids) {
            List<Printed> of = new ArrayList<>(ids.size());
            transactions.read(connection -> {
                stacks.some(
                        connection,
                        job.projectId(),
                        ids,
                        stack -> of.add(new Printed(stack.id(), byRules.of(stack.input()))));
                return 0;
            });
            return of;
        }

        /** New rules while a job runs by the ones of before: then crashes come with the new ones, and it ends. */
        private void unchanged(Connection transaction) throws SQLException {
            if (Rules.version(transaction, job.projectId()) != projectRules.version()) {
                throw new IllegalStateException(
                        "The rules were changed while it ran; what it did so far is by version %d. Start it again"
                                .formatted(projectRules.version()));
            }
        }
    }
}
