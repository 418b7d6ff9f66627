package dev.faultline.web;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One cluster: what it is, whom it hits, since when, and why these crashes are together.
 *
 * @param behind whether crashes that came or moved just now are not in the numbers yet
 * @param action the page's own address, for forms: {@code /merge}
 * @param sentence all of that in one sentence
 * @param impact its place in the list, and what that is made of
 * @param stack of a representative crash
 * @param stackOf that crash's address
 * @param activity what people did with it, newest first
 */
@CheckedTemplate(basePath = "pages", defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
record ClusterPage(
        Shell shell,
        boolean behind,
        String id,
        String action,
        Signature signature,
        Reason reason,
        List<Badge> badges,
        String sentence,
        String impact,
        @Nullable Prose fault,
        @Nullable StackView stack,
        @Nullable String stackOf,
        @Nullable String text,
        StateView state,
        List<CrashPage.Fact> facts,
        ShareBar hardware,
        TrendChart trend,
        Matrix matrix,
        List<Variant> variants,
        List<SimilarView> similar,
        List<ActivityLine> activity,
        List<CrashRow> latest,
        String allCrashes)
        implements TemplateInstance {

    /** Crashes by release (rows) and hardware revision (columns). */
    public record Matrix(List<String> columns, List<MatrixRow> rows) {}

    public record MatrixRow(String release, List<Cell> cells, String total, String devices) {}

    /** A count, with the class that shades it. */
    public record Cell(String count, String css) {}

    /**
     * Crashes with one exact normalised stack.
     *
     * @param action where a form takes it out of the cluster, {@code /split} or {@code /move}
     */
    public record Variant(
            String action,
            Signature signature,
            String crashes,
            String devices,
            String share,
            String because,
            boolean provisional,
            List<CrashPage.GroupedFrame> frames) {}
}
