package dev.faultline.web;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Single crashes, newest first: those of one device or cluster, or those that wait or could not be read. */
@CheckedTemplate(basePath = "pages", defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
record CrashListPage(
        Shell shell,
        Search search,
        List<Choice> choices,
        String device,
        @Nullable String cluster,
        boolean filtered,
        List<CrashRow> rows,
        @Nullable String next,
        @Nullable String first,
        List<String> command)
        implements TemplateInstance {}
