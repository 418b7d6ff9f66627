package dev.faultline.access;

import io.quarkus.scheduler.Scheduled;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;

/** Drops rows that have no effect any more. */
@ApplicationScoped
class Housekeeping {
    private final Sessions sessions;
    private final LoginAttempts attempts;

    Housekeeping(Sessions sessions, LoginAttempts attempts) {
        this.sessions = sessions;
        this.attempts = attempts;
    }

    @Scheduled(every = "15m", delayed = "1m")
    @RunOnVirtualThread
    void forgetTheOld() {
        Instant now = Instant.now();
        sessions.forgetEnded(now);
        attempts.forgetOld(now);
    }
}
