package dev.faultline.web;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One debug file: what it is good for, the files that its index is made of, and those that would complete it.
 *
 * @param trouble why it is not usable
 * @param advice what would make it better
 * @param lines how much of the code has line numbers; absent where that was not measured
 * @param unwind how much of the code has unwind rows
 * @param present how many of the files that it refers to are here
 * @param referred how many it refers to
 * @param more whether it refers to more files than were looked at
 * @param producers the compilers with their options
 * @param diagnostics what was left out of it, and why
 */
@CheckedTemplate(basePath = "pages", defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
record SymbolFilePage(
        Shell shell,
        String name,
        List<CrashPage.Fact> facts,
        Moment uploaded,
        @Nullable String trouble,
        @Nullable String advice,
        @Nullable Meter lines,
        @Nullable Meter unwind,
        List<CrashPage.Fact> measures,
        List<Part> files,
        List<Want> missing,
        int present,
        int referred,
        boolean more,
        List<String> producers,
        List<String> diagnostics)
        implements TemplateInstance {

    /** A file that the index is made of. */
    public record Part(String role, String name, String sha256, String size) {}

    /** A file that is missing, by the name and the id that the debug file has for it. */
    public record Want(String role, @Nullable String name, String id, String command) {}
}
