package dev.faultline.web;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the gates of a project say of its releases now.
 *
 * @param command what a project without any does next
 */
@CheckedTemplate(basePath = "pages", defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
record GatesPage(Shell shell, List<Row> standings, List<Watch> watches, String command) implements TemplateInstance {

    /** What holds of a release by a gate. */
    public record Row(
            String gate,
            String gateUrl,
            String software,
            String candidate,
            Badge verdict,
            String run,
            String runUrl,
            Moment asked) {}

    /** A gate that asks itself. */
    public record Watch(
            String gate,
            String software,
            String candidate,
            @Nullable Moment asked,
            @Nullable String problem) {}
}
