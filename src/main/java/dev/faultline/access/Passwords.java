package dev.faultline.access;

import dev.faultline.http.Problem;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.elytron.security.common.BcryptUtil;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Passwords as bcrypt hashes. */
@ApplicationScoped
class Passwords {
    /** Each step doubles the work of a guess; 10 is the least that OWASP's password storage guide advises. */
    private static final int COST = 11;

    private static final int SHORTEST = 12;
    /** bcrypt looks at no more. */
    private static final int LONGEST_BYTES = 72;

    /** Log-ins never take the last core from crashes. */
    private static final int AT_ONCE = 1;

    private static final int SECONDS_TO_WAIT = 30;

    private final Semaphore free = new Semaphore(AT_ONCE, true);
    private final Counter checked;

    /** Of a password that nobody knows: an unknown user costs the same work as a known one. */
    final String nobody = BcryptUtil.bcryptHash(Secret.random("").text(), COST);

    Passwords(MeterRegistry metrics) {
        this.checked = metrics.counter("faultline.passwords.checked");
    }

    /** The hash of a new password; a 400 problem if it is too short, or longer than bcrypt can see. */
    String hash(@Nullable String password) {
        if (password == null || password.codePointCount(0, password.length()) < SHORTEST) {
            throw Problem.badRequest(
                    "password-too-short", "password is missing or shorter than %d characters", SHORTEST);
        }
        if (tooLong(password)) {
            throw Problem.badRequest("password-too-long", "password is longer than %d bytes in UTF-8", LONGEST_BYTES);
        }
        return BcryptUtil.bcryptHash(password, COST);
    }

    /** Whether it is the password of that hash; null is an unknown user's, and takes as long. */
    boolean matches(String password, @Nullable String hash) throws InterruptedException {
        if (!free.tryAcquire(SECONDS_TO_WAIT, TimeUnit.SECONDS)) {
            throw Problem.of(503, "busy", "Too many log-ins at once; try again in a moment");
        }
        try {
            checked.increment();
            boolean same = BcryptUtil.matches(tooLong(password) ? "" : password, hash == null ? nobody : hash);
            return same && hash != null;
        } finally {
            free.release();
        }
    }

    private static boolean tooLong(String password) {
        return password.getBytes(StandardCharsets.UTF_8).length > LONGEST_BYTES;
    }
}
