package dev.faultline.web;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One gate: its policy and what it said. */
@CheckedTemplate(basePath = "pages", defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
record GatePage(
        Shell shell,
        String gate,
        String policy,
        List<Run> runs,
        @Nullable String next,
        @Nullable String first,
        String command)
        implements TemplateInstance {

    /** One run in a line. */
    public record Run(
            String id,
            String url,
            String release,
            String baseline,
            Badge verdict,
            String because,
            String askedBy,
            Moment asked) {}
}
