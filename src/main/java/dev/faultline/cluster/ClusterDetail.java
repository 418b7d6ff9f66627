package dev.faultline.cluster;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.faultline.fingerprint.FingerprintFrame;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * All about one cluster.
 *
 * @param summary its row in the list, without filters; its members are the detail's own in JSON
 * @param variants most crashes first
 * @param breakdown releases × hardware revisions, most crashes first
 * @param trend crashes by day and release, oldest first; days without crashes are left out
 * @param latestCrashes newest first
 * @param grouping why its crashes are one cluster
 */
public record ClusterDetail(
        @JsonUnwrapped ClusterRow summary,
        List<VariantRow> variants,
        List<BreakdownRow> breakdown,
        List<TrendRow> trend,
        List<CrashRow> latestCrashes,
        Grouping grouping) {

    public ClusterDetail {
        variants = List.copyOf(variants);
        breakdown = List.copyOf(breakdown);
        trend = List.copyOf(trend);
        latestCrashes = List.copyOf(latestCrashes);
    }

    /**
     * Crashes with one normalised stack.
     *
     * @param frames every frame that was looked at, with its part in the keys
     * @param because why it is in this cluster
     */
    public record VariantRow(
            long id,
            String signature,
            long crashes,
            long devices,
            boolean provisional,
            boolean needsSymbols,
            String because,
            Instant createdAt,
            List<FingerprintFrame> frames) {

        public VariantRow {
            frames = List.copyOf(frames);
        }
    }

    /** One release on one hardware revision; the release is absent and the revision empty where unknown. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record BreakdownRow(@Nullable String release, String hardware, long crashes, long devices) {}

    /** One day (UTC) and release. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record TrendRow(LocalDate day, @Nullable String release, long crashes) {}

    /** One crash of the cluster. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record CrashRow(
            UUID id,
            Instant at,
            @Nullable String device,
            @Nullable String release,
            String hardware,
            String state,
            long variant) {}

    /**
     * Why these crashes are one cluster.
     *
     * @param sentence in words
     * @param frames of the variant with most crashes, each with its part in the keys
     */
    public record Grouping(String sentence, List<FingerprintFrame> frames) {

        public Grouping {
            frames = List.copyOf(frames);
        }
    }
}
