package dev.faultline.web;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The debug files that are wanted, most urgent first, and those that are there with what they are good for. */
@CheckedTemplate(basePath = "pages", defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
record SymbolsPage(
        Shell shell,
        List<MissingFile> missing,
        List<DebugFile> files,
        @Nullable String next,
        @Nullable String first,
        List<String> command)
        implements TemplateInstance {

    /** A wanted file and how much waits for it. */
    public record MissingFile(
            String buildId,
            @Nullable String release,
            String crashes,
            String devices,
            @Nullable Moment since,
            String command) {}

    /**
     * A file that is there.
     *
     * @param url the file's own page
     * @param missing how many files it refers to that are not here, in words; absent: none
     * @param dwarf the kind of debug information, in words
     * @param lines how much of the code has line numbers; absent where that was not measured
     * @param unwind how much of the code has call frame information
     * @param about what else is worth knowing: how it was linked, functions without debug information
     * @param producers the compilers with their options
     * @param trouble why it is not usable
     * @param advice what would make it better
     * @param diagnostics what was left out of it, and why
     */
    public record DebugFile(
            String buildId,
            String name,
            String url,
            @Nullable String missing,
            @Nullable String release,
            String architecture,
            String size,
            String dwarf,
            @Nullable Meter lines,
            @Nullable Meter unwind,
            @Nullable String functions,
            @Nullable String about,
            List<String> producers,
            @Nullable String trouble,
            @Nullable String advice,
            List<String> diagnostics,
            Moment uploaded) {}
}
