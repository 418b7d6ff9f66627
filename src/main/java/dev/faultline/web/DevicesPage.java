package dev.faultline.web;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The devices of a project, or those behind a finding.
 *
 * @param filter what the list is narrowed to by a finding; absent: by none
 * @param command what a project without devices does next
 */
@CheckedTemplate(basePath = "pages", defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
record DevicesPage(
        Shell shell,
        String action,
        String name,
        List<Choice> choices,
        @Nullable String filter,
        List<Line> devices,
        boolean narrowed,
        String clear,
        @Nullable String next,
        String command)
        implements TemplateInstance {

    /** One device. */
    public record Line(
            String name,
            String url,
            String release,
            String hardware,
            String cohort,
            @Nullable String what,
            Moment lastSeen) {}
}
