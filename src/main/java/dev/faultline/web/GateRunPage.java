package dev.faultline.web;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a gate said once, and why.
 *
 * @param sentence the outcome
 * @param later what arrived since; absent: nothing did
 * @param override a person's word; absent: there is none
 * @param action where the form for one goes; absent: whoever reads may not, or there is nothing to override
 * @param history evidence over the runs of this release
 */
@CheckedTemplate(basePath = "pages", defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
record GateRunPage(
        Shell shell,
        String title,
        Badge verdict,
        String gate,
        String gateUrl,
        String sentence,
        List<Rule> rules,
        List<CrashPage.Fact> facts,
        Moment asked,
        @Nullable String later,
        @Nullable Word override,
        @Nullable String action,
        @Nullable LineChart history,
        List<GatePage.Run> runs,
        String policy,
        String compareUrl)
        implements TemplateInstance {

    /** What one rule found. */
    public record Rule(String name, Badge verdict, String text) {}

    /** Who said it, and why. */
    public record Word(String by, String because, Moment at) {}
}
