package dev.faultline.web;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One device: what it ran since when, its reboots and crashes, and what it says of itself. */
@CheckedTemplate(basePath = "pages", defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
record DevicePage(
        Shell shell,
        String name,
        List<CrashPage.Fact> facts,
        Moment firstSeen,
        Moment lastSeen,
        List<Change> history,
        List<Event> events,
        List<CrashPage.Fact> attributes,
        List<CrashPage.Fact> metrics,
        @Nullable Moment heartbeat,
        String crashesUrl)
        implements TemplateInstance {

    /** From then on it ran this. */
    public record Change(Moment since, String software, String version, String hardware, String cohort) {}

    /** A reboot or a crash. */
    public record Event(
            Moment at, Badge badge, String text, @Nullable String url) {}
}
