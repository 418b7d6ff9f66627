package dev.faultline.crash;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.faultline.fingerprint.Fingerprint;
import dev.faultline.symbols.report.CrashIdentity;
import dev.faultline.symbols.report.CrashReport;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Everything about one crash.
 *
 * @param stateReason why it is quarantined
 * @param claims what the upload said of the device
 * @param report what the pipeline made of it, its members beside these; absent until then
 * @param cluster absent until the crash has a report
 * @param variant the variant's id inside the cluster
 * @param grouping the crash's fingerprint: each frame's part in it, and why
 * @param joinedBecause why its variant is in the cluster, in words
 * @param upload the stored bytes
 * @param capturedAt what the device's clock said
 * @param effectiveAt {@code capturedAt} where it is believable, else {@code receivedAt}
 * @param links where the rest is
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CrashDetail(
        UUID id,
        CrashState state,
        @Nullable String stateReason,
        CrashIdentity claims,
        @JsonUnwrapped @Nullable CrashReport report,
        @Nullable CrashCluster cluster,
        @Nullable Long variant,
        @Nullable Fingerprint grouping,
        @Nullable String joinedBecause,
        Upload upload,
        @Nullable Instant capturedAt,
        Instant receivedAt,
        Instant effectiveAt,
        @Nullable Instant processedAt,
        Links links) {

    /**
     * The bytes as they were uploaded.
     *
     * @param size of the coredump, in bytes
     * @param logSha256 of the log sent beside the coredump
     * @param attachmentSha256 of the attachment sent beside the coredump
     * @param ordinal which of the coredumps in the bytes this crash is, from 1 on
     * @param coredumps how many the bytes have, each a crash
     * @param siblings the others
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Upload(
            String sha256,
            long size,
            @Nullable String logSha256,
            @Nullable String attachmentSha256,
            int ordinal,
            int coredumps,
            List<Sibling> siblings) {}

    /** Paths on this service; {@code elf} is the coredump as gdb opens it, {@code page} is for people. */
    public record Links(String self, String coredump, String elf, String page) {}
}
