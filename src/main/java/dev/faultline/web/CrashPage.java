package dev.faultline.web;

import dev.faultline.fingerprint.FingerprintFrame;
import dev.faultline.symbols.report.FaultReport.FaultRegister;
import dev.faultline.symbols.report.ModuleReport;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One crash, explained: the fault in words first, then the stack, then everything it was found from.
 *
 * @param live whether the state will change by itself, so that the page looks again
 * @param sentence what happened
 * @param access what the faulting instruction did, through which register; absent where that is not known
 * @param notice what the state means and what to do; absent for a crash that is all read
 * @param crashed the thread that crashed; absent if there is none
 * @param others the other threads, folded
 * @param text the report as plain text, for a bug tracker
 */
@CheckedTemplate(basePath = "pages", defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
record CrashPage(
        Shell shell,
        String id,
        String url,
        boolean live,
        @Nullable Reason reason,
        Prose sentence,
        @Nullable Prose access,
        boolean imprecise,
        @Nullable Notice notice,
        List<Fact> facts,
        @Nullable ClusterLink cluster,
        @Nullable StackView crashed,
        List<StackView> others,
        @Nullable String text,
        List<Register> registers,
        List<FaultRegister> faultRegisters,
        List<Line> log,
        int earlierLines,
        String logOrigin,
        List<ModuleReport> modules,
        List<Missing> missing,
        List<String> warnings,
        @Nullable Grouping grouping,
        List<Link> downloads)
        implements TemplateInstance {
    /** Log lines shown, the last ones; the rest is in the report. */
    static final int MOST_LOG_LINES = 2_000;

    /** A name and a value; a value with an address is a link. */
    public record Fact(
            String name,
            String value,
            @Nullable String url,
            @Nullable String title,
            boolean mono) {

        static Fact of(String name, String value) {
            return new Fact(name, value, null, null, false);
        }

        static Fact link(String name, String value, String url) {
            return new Fact(name, value, url, null, false);
        }
    }

    /** What a state means, in words. */
    public record Notice(String heading, String words, Tone tone) {}

    public record ClusterLink(String id, String url, Signature signature) {}

    /** A register and, where it points at something, at what. */
    public record Register(
            String name, String value, @Nullable Prose target) {}

    /**
     * A line of the log.
     *
     * @param level a lower-case letter, or empty
     * @param source what wrote it; empty where the line does not say
     * @param origin where it was found; empty where all lines were found in one place
     */
    public record Line(String uptime, String level, String source, String text, String origin) {}

    /** A debug file that is wanted, with the command that uploads it. */
    public record Missing(String buildId, @Nullable String release, String command) {}

    /** Why the crash is in its cluster. */
    public record Grouping(List<String> reasons, List<GroupedFrame> frames) {}

    /**
     * A frame as the fingerprint saw it: what it became, how it was classed, by which rule and why, and what it entered.
     *
     * @param form where it becomes a rule; absent where rules are not asked about it
     */
    public record GroupedFrame(
            String name,
            String kind,
            @Nullable String rule,
            @Nullable String because,
            String keys,
            @Nullable String form) {

        static GroupedFrame of(FingerprintFrame frame, RuleLinks links) {
            return new GroupedFrame(
                    frame.name(),
                    frame.part().label(),
                    frame.rule(),
                    frame.because(),
                    String.join(" ", frame.keys()),
                    links.of(frame));
        }
    }

    public record Link(String label, String url) {}
}
