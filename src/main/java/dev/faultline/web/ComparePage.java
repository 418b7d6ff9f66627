package dev.faultline.web;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Two releases side by side: what is new, fixed, worse, better, and what can not be told.
 *
 * @param choices software, baseline, candidate
 * @param trouble why these three can not be compared; absent where they can
 * @param result absent until all three are chosen
 */
@CheckedTemplate(basePath = "pages", defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
record ComparePage(
        Shell shell,
        List<Choice> choices,
        String hint,
        @Nullable String trouble,
        @Nullable Result result) implements TemplateInstance {

    /**
     * The comparison.
     *
     * @param headline the outcome in one sentence
     * @param exposure what the rates are relative to, and what that can not tell
     * @param needed how much more tells more; absent: what there is is enough, or nobody knows hours
     * @param figures what tells a bad release beside its clusters
     * @param unit of the exposure by hardware revision
     */
    public record Result(
            String baseline,
            String candidate,
            String headline,
            String exposure,
            @Nullable String needed,
            List<String> warnings,
            List<Figure> figures,
            List<Metric> metrics,
            List<Total> totals,
            List<Group> groups,
            List<String> hardware,
            String unit,
            List<Stratum> strata) {}

    /**
     * One figure of both releases.
     *
     * @param meaning how it is counted
     * @param outcome what the two come to, in words; absent where nothing can be said
     */
    public record Figure(
            String label,
            String meaning,
            String baseline,
            String candidate,
            @Nullable String outcome) {}

    /** A metric of heartbeats on both sides. */
    public record Metric(
            String name,
            String baseline,
            String candidate,
            @Nullable String change,
            boolean flagged) {}

    /** A figure that leads to its table. */
    public record Total(String id, String label, int count, String css) {}

    /** The clusters of one outcome. */
    public record Group(String id, String title, String meaning, Tone tone, List<Line> lines) {}

    /**
     * One cluster in both releases.
     *
     * @param ratio candidate's rate over the baseline's; absent where one side has none to compare
     * @param verdict the outcome for this cluster, in words
     */
    public record Line(
            String id,
            String url,
            Signature signature,
            Reason reason,
            Occurrence baseline,
            Occurrence candidate,
            @Nullable Forest ratio,
            String verdict,
            List<Cell> hardware) {}

    /** Counts on one hardware revision. */
    public record Cell(String name, String baseline, String candidate) {}

    /** A cluster in one release: crashes, at most one per device and day, and on how many devices. */
    public record Occurrence(String counted, String devices, String words) {}

    /** One hardware revision in both releases. */
    public record Stratum(
            String hardware,
            String baselineDevices,
            String candidateDevices,
            String baselineCounted,
            String candidateCounted,
            @Nullable Forest ratio) {}
}
