package dev.faultline.adoption;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A device behind a finding.
 *
 * @param version what it runs, as far as it said
 * @param lastSeen its last heartbeat or crash
 * @param what of it is found, in words
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record FindingDevice(
        String name,
        @Nullable String hardware,
        @Nullable String cohort,
        @Nullable String version,
        Instant lastSeen,
        String what) {}
