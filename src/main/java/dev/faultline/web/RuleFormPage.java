package dev.faultline.web;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The form of one rule, with what it would change.
 *
 * @param title what is being done
 * @param version of the rules that the reader saw
 * @param of id of the rule that is changed; empty for a new one
 * @param conflict that somebody else changed the rules meanwhile
 * @param classes one of them is to be chosen
 * @param narrower what makes it fit fewer frames
 * @param narrow whether any of that is in use, so that it should be seen
 * @param same a rule that has the same pattern already
 * @param preview absent until the fields can be read
 * @param writable whether the reader may preview and save
 */
@CheckedTemplate(basePath = "pages", defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
record RuleFormPage(
        Shell shell,
        String title,
        int version,
        String of,
        @Nullable String conflict,
        List<Kind> classes,
        @Nullable String classError,
        Field function,
        Field because,
        List<Field> narrower,
        boolean narrow,
        @Nullable Same same,
        @Nullable Preview preview,
        boolean writable)
        implements TemplateInstance {

    /** A class to choose. */
    public record Kind(String value, String words, String meaning, boolean chosen) {}

    /**
     * One text.
     *
     * @param most characters
     * @param offered what it could be, from the frame that the reader came from
     * @param error why it can not be read
     */
    public record Field(
            String name,
            String label,
            String hint,
            String value,
            int most,
            @Nullable String offered,
            @Nullable String error) {}

    public record Same(String id, String kind, String url) {}

    /**
     * What the rule would change.
     *
     * @param sentence how many crashes, variants and clusters
     * @param counts splits, joins, new names
     * @param more how many changes are not in the list
     */
    public record Preview(String sentence, @Nullable String counts, List<GroupingChange> changes, int more) {}
}
