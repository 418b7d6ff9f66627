package dev.faultline.web;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Grouping all crashes again: what it would change, how far it is, what it changed.
 *
 * @param working whether a job is at work: then no other one can be asked for, and the page looks again by itself
 * @param last the newest job; absent before the first
 */
@CheckedTemplate(basePath = "pages", defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
record RegroupPage(
        Shell shell,
        String here,
        boolean working,
        @Nullable Job last,
        List<GroupingChange> changes,
        @Nullable String next,
        List<Job> earlier)
        implements TemplateInstance {

    /**
     * One job.
     *
     * @param title what it is
     * @param state as a badge
     * @param step what it does at the moment, and how far that is
     * @param outcome its counts in a sentence
     */
    public record Job(
            String title,
            Badge state,
            Moment asked,
            String askedBy,
            @Nullable String rules,
            @Nullable String step,
            @Nullable String outcome,
            @Nullable String error) {}
}
