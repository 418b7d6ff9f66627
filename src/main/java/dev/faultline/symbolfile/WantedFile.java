package dev.faultline.symbolfile;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A debug file that crashes wait for.
 *
 * @param software of the latest crash that wants it
 * @param version of the latest crash that wants it
 * @param crashes how many wait
 * @param devices on how many devices
 * @param firstSeen when the first of them happened
 * @param lastSeen when the last of them happened
 * @param command what to run where the debug file is
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record WantedFile(
        String buildId,
        @Nullable String software,
        @Nullable String version,
        long crashes,
        long devices,
        Instant firstSeen,
        Instant lastSeen,
        String command) {}
