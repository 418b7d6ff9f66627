package dev.faultline.web;

import dev.faultline.access.Project;
import dev.faultline.fingerprint.ProjectRules;
import dev.faultline.fingerprint.RulePack;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The rules of a project in their order, and those that come with the service behind them.
 *
 * @param version of the project's rules; forms send it back, so that nobody writes over what another one changed
 * @param trouble why nothing was done
 * @param saved whether the reader just saved a rule
 */
@CheckedTemplate(basePath = "pages", defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
record RulesPage(Shell shell, int version, @Nullable String trouble, boolean saved, List<Rule> rules, List<Pack> packs)
        implements TemplateInstance {

    static RulesPage of(
            Shell shell,
            Project project,
            ProjectRules rules,
            List<RulePack> packs,
            @Nullable String trouble,
            boolean saved) {
        var rows = new ArrayList<Rule>();
        for (ProjectRules.Rule rule : rules.rules()) {
            rows.add(Rule.of(
                    project, rule, rows.isEmpty(), rows.size() == rules.rules().size() - 1));
        }
        return new RulesPage(
                shell,
                rules.version(),
                trouble,
                saved,
                rows,
                packs.stream().map(Pack::of).toList());
    }

    /**
     * One rule of the project.
     *
     * @param kind its class in words
     * @param edit address of its form
     */
    public record Rule(
            String id,
            String kind,
            List<Pattern> patterns,
            @Nullable String because,
            String edit,
            boolean first,
            boolean last) {

        static Rule of(Project project, ProjectRules.Rule rule, boolean first, boolean last) {
            return new Rule(
                    rule.id(),
                    RuleClass.words(rule.part()),
                    RulesPage.patterns(rule.function(), rule.file(), rule.module(), rule.software()),
                    rule.because(),
                    edit(project, rule.id()),
                    first,
                    last);
        }

        static String edit(Project project, String id) {
            return Address.ofProject(project.name(), "rules", "edit")
                    .with("rule", id)
                    .toString();
        }
    }

    /** What a part of a frame has to look like. */
    public record Pattern(String of, String text) {}

    /** Rules that come with the service. */
    public record Pack(String name, int version, String count, List<PackRule> rules) {

        static Pack of(RulePack pack) {
            return new Pack(
                    pack.name(),
                    pack.version(),
                    Words.counted(pack.rules().size(), "rule"),
                    pack.rules().stream().map(PackRule::of).toList());
        }
    }

    public record PackRule(String id, String kind, boolean builtIn, List<Pattern> patterns, String because) {

        static PackRule of(RulePack.Rule rule) {
            return new PackRule(
                    rule.id(),
                    RuleClass.words(rule.part()),
                    rule.builtIn(),
                    RulesPage.patterns(rule.function(), rule.file(), rule.module(), rule.software()),
                    rule.because());
        }
    }

    private static List<Pattern> patterns(
            @Nullable String function, @Nullable String file, @Nullable String module, @Nullable String software) {
        return Stream.of(
                        pattern("function", function),
                        pattern("file", file),
                        pattern("module", module),
                        pattern("software", software))
                .filter(Objects::nonNull)
                .toList();
    }

    private static @Nullable Pattern pattern(String of, @Nullable String text) {
        return text == null ? null : new Pattern(of, text);
    }
}
