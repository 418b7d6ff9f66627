package dev.faultline.crash;

import dev.faultline.http.Problem;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.UUID;

/** Crash ids: UUIDs of version 7 (RFC 9562, 5.7), which sort by the time they were given. */
public final class CrashIds {
    private static final SecureRandom RANDOM = new SecureRandom();

    private CrashIds() {}

    /** A new one. */
    public static UUID next(Instant now) {
        long high = now.toEpochMilli() << 16 | 0x7000 | RANDOM.nextInt(1 << 12);
        long low = RANDOM.nextLong() >>> 2 | 0x8000_0000_0000_0000L;
        return new UUID(high, low);
    }

    /** From what a person or program sent; anything that is no id names no crash: a 404 problem. */
    public static UUID parse(String text) {
        try {
            if (text.length() == 36) {
                return UUID.fromString(text);
            }
        } catch (IllegalArgumentException notAnId) {
            throw unknown(text);
        }
        throw unknown(text);
    }

    /** Of a crash whose coredump is not on this disk any more: a 410 problem. */
    public static Problem gone(UUID crash) {
        return Problem.of(410, "coredump-gone", "The bytes of crash %s are not kept any more", crash);
    }

    public static Problem unknown(Object id) {
        return Problem.notFound("crash-not-found", "No crash has the id %s", id);
    }
}
