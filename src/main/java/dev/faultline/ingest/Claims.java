package dev.faultline.ingest;

import dev.faultline.http.Problem;
import dev.faultline.symbols.analysis.ClaimedIdentity;
import dev.faultline.symbols.elf.BuildId;
import jakarta.ws.rs.QueryParam;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/** What an upload says about its coredump, in its query. */
final class Claims {
    /** Longest name of a device, revision, software type or version. */
    static final int NAME_LENGTH = 200;

    /** A device's clock is believed this far behind ours: it may have been switched off for long. */
    static final Duration OLDEST = Duration.ofDays(90);

    /** A device's clock is believed this far ahead of ours. */
    static final Duration AHEAD = Duration.ofMinutes(5);

    @QueryParam("device")
    @Nullable
    String device;

    @QueryParam("hardware")
    @Nullable
    String hardware;

    @QueryParam("software")
    @Nullable
    String software;

    @QueryParam("version")
    @Nullable
    String version;

    @QueryParam("buildId")
    @Nullable
    String buildId;

    @QueryParam("capturedAt")
    @Nullable
    String capturedAt;

    ClaimedIdentity identity() {
        return new ClaimedIdentity(
                name("device", device),
                name("hardware", hardware),
                name("software", software),
                name("version", version),
                buildId());
    }

    /** When the device says it crashed, whether that is believable or not. */
    @Nullable
    Instant captured() {
        if (capturedAt == null || capturedAt.isBlank()) {
            return null;
        }
        try {
            var time = OffsetDateTime.parse(capturedAt.strip()).toInstant();
            // what the database can hold; nobody's clock is beyond it by accident
            if (time.isAfter(Instant.EPOCH.minus(Duration.ofDays(365_000)))
                    && time.isBefore(Instant.EPOCH.plus(Duration.ofDays(365_000)))) {
                return time;
            }
        } catch (DateTimeParseException e) {
            throw badTime();
        }
        throw badTime();
    }

    private Problem badTime() {
        return Problem.badRequest(
                "bad-parameter", "capturedAt: found %s, wanted a time such as 2026-11-21T08:00:00Z", capturedAt);
    }

    /** The time that a crash is listed and counted under. */
    static Instant effective(@Nullable Instant captured, Instant received) {
        return captured != null && !captured.isBefore(received.minus(OLDEST)) && !captured.isAfter(received.plus(AHEAD))
                ? captured
                : received;
    }

    private static @Nullable String name(String parameter, @Nullable String value) {
        if (value == null || value.isBlank()) {
            return null;
        }
        if (value.length() > NAME_LENGTH) {
            throw Problem.badRequest(
                    "bad-parameter",
                    "%s: found %d characters, at most %d are taken",
                    parameter,
                    value.length(),
                    NAME_LENGTH);
        }
        if (value.chars().anyMatch(Character::isISOControl)) {
            throw Problem.badRequest("bad-parameter", "%s: control characters are not taken", parameter);
        }
        return value.strip();
    }

    private @Nullable String buildId() {
        if (buildId == null || buildId.isBlank()) {
            return null;
        }
        try {
            return BuildId.parse(buildId).hex();
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest("bad-parameter", "buildId: found %s, wanted hexadecimal digits", buildId);
        }
    }
}
