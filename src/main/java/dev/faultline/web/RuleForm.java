package dev.faultline.web;

import dev.faultline.access.Project;
import dev.faultline.fingerprint.FramePart;
import dev.faultline.fingerprint.ProjectRules;
import dev.faultline.fingerprint.ProjectRules.Rule;
import dev.faultline.fingerprint.ProjectRules.Trouble;
import dev.faultline.rules.ExactPattern;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A rule as it is typed. Every text is as it came: what is wrong with it is told, not thrown.
 *
 * @param version of the rules that its writer saw
 * @param of id of the rule that it changes; empty for a new one
 * @param offered patterns of the frame that its writer came from, for fields that may stay empty
 */
record RuleForm(
        int version,
        String of,
        String id,
        String kind,
        String function,
        String file,
        String module,
        String software,
        String because,
        Offered offered) {

    /** Longest reason, in characters. */
    private static final int LONGEST_REASON = 300;

    /** As much of a function's name as an id takes over. */
    private static final int NAME_IN_ID = 40;

    /** Patterns that would fit a frame. */
    record Offered(String file, String module, String software) {
        static final Offered NOTHING = new Offered("", "", "");
    }

    /** The form of a rule about a frame. */
    static RuleForm about(int version, String function, String file, String module, String software) {
        // a name that many functions have was told from the others by its file
        String suffix = "@" + file;
        boolean generic = !file.isEmpty() && function.length() > suffix.length() && function.endsWith(suffix);
        String name = generic ? function.substring(0, function.length() - suffix.length()) : function;
        String ofFile = file.isEmpty() ? "" : ExactPattern.ofFile(file);
        return new RuleForm(
                version,
                "",
                "",
                FramePart.SKIP.label(),
                ExactPattern.of(name),
                generic ? ofFile : "",
                "",
                "",
                "",
                new Offered(ofFile, ExactPattern.of(module), ExactPattern.of(software)));
    }

    /** The form of a rule that is there. */
    static RuleForm changing(int version, Rule rule) {
        return new RuleForm(
                version,
                rule.id(),
                rule.id(),
                rule.part().label(),
                orEmpty(rule.function()),
                orEmpty(rule.file()),
                orEmpty(rule.module()),
                orEmpty(rule.software()),
                orEmpty(rule.because()),
                Offered.NOTHING);
    }

    /** The same, typed over the rules as they are by now. */
    RuleForm over(ProjectRules current) {
        return new RuleForm(
                current.version(),
                current.rule(of).isPresent() ? of : "",
                id,
                kind,
                function,
                file,
                module,
                software,
                because,
                offered);
    }

    /** The rule; one that {@link #troubles} finds fault with can not be saved. */
    Rule rule(ProjectRules current) {
        RuleClass chosen = RuleClass.of(kind);
        return new Rule(
                id.isBlank() ? newId(current) : id.strip(),
                chosen == null ? FramePart.OUTSIDE : chosen.part(),
                orNull(function),
                orNull(file),
                orNull(module),
                orNull(software),
                orNull(because.strip()));
    }

    /** The project's rules with this one: in the place of the one it changes, else before all others. */
    ProjectRules among(ProjectRules current) {
        Rule rule = rule(current);
        ProjectRules changed = current.rule(of).isPresent() ? current.replacing(of, rule) : current.withFirst(rule);
        return new ProjectRules(version, changed.rules());
    }

    /** What keeps it from being a rule. */
    List<Trouble> troubles(ProjectRules current) {
        Rule rule = rule(current);
        var found = new ArrayList<>(rule.troubles());
        if (others(current).stream().anyMatch(other -> other.id().equals(rule.id()))) {
            found.add(new Trouble("id", "another rule has the id \"%s\"".formatted(rule.id())));
        }
        if (current.rule(of).isEmpty() && current.rules().size() >= ProjectRules.MOST_RULES) {
            found.add(new Trouble("function", "a project has at most %d rules".formatted(ProjectRules.MOST_RULES)));
        }
        if (because.length() > LONGEST_REASON) {
            found.add(new Trouble("because", "a reason is at most %d characters".formatted(LONGEST_REASON)));
        }
        return found;
    }

    RuleFormPage page(
            Shell shell,
            Project project,
            ProjectRules current,
            List<Trouble> troubles,
            @Nullable String conflict,
            RuleFormPage.@Nullable Preview preview,
            boolean writable) {
        List<RuleFormPage.Field> narrower = List.of(
                field("file", "File", "fits a part of the path", file, offered.file, troubles),
                field("module", "Module", "the whole name of the image", module, offered.module, troubles),
                field("software", "Software", "the whole software type", software, offered.software, troubles),
                new RuleFormPage.Field(
                        "id",
                        "Id",
                        "how explanations name the rule; made from the function where empty",
                        id,
                        ProjectRules.LONGEST_ID,
                        null,
                        error("id", troubles)));
        return new RuleFormPage(
                shell,
                of.isEmpty() ? "New rule" : "Rule " + of,
                version,
                of,
                conflict,
                Arrays.stream(RuleClass.values())
                        .map(one -> new RuleFormPage.Kind(
                                one.label(),
                                one.words(),
                                one.meaning(),
                                one.label().equals(kind)))
                        .toList(),
                error("class", troubles),
                field("function", "Function", "a regular expression for the whole name", function, "", troubles),
                new RuleFormPage.Field(
                        "because",
                        "Reason",
                        "shown with every frame that the rule fits",
                        because,
                        LONGEST_REASON,
                        null,
                        error("because", troubles)),
                narrower,
                narrower.stream().anyMatch(field -> !field.value().isEmpty() || field.error() != null),
                same(project, current).orElse(null),
                preview,
                writable);
    }

    private static RuleFormPage.Field field(
            String name, String label, String hint, String value, String offered, List<Trouble> troubles) {
        return new RuleFormPage.Field(
                name,
                label,
                hint,
                value,
                ProjectRules.LONGEST_TEXT,
                offered.isEmpty() || offered.equals(value) ? null : offered,
                error(name, troubles));
    }

    private static @Nullable String error(String member, List<Trouble> troubles) {
        return troubles.stream()
                .filter(trouble -> trouble.member().equals(member))
                .map(Trouble::what)
                .findFirst()
                .orElse(null);
    }

    private Optional<RuleFormPage.Same> same(Project project, ProjectRules current) {
        return others(current).stream()
                .filter(other -> function.equals(other.function()))
                .findFirst()
                .map(other -> new RuleFormPage.Same(
                        other.id(), RuleClass.words(other.part()), RulesPage.Rule.edit(project, other.id())));
    }

    private List<Rule> others(ProjectRules current) {
        return current.rules().stream().filter(rule -> !rule.id().equals(of)).toList();
    }

    private String newId(ProjectRules current) {
        String about = function.isEmpty() ? file.isEmpty() ? module : file : function;
        String name = about.replace("\\", "").replaceAll("[^\\w.:]+", "-").replaceAll("^-+|-+$", "");
        String start = kind + "-" + name.substring(0, Math.min(name.length(), NAME_IN_ID));
        String free = start;
        for (int number = 2; current.rule(free).isPresent(); number++) {
            free = start + "-" + number;
        }
        return free;
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static @Nullable String orNull(String text) {
        return text.isEmpty() ? null : text;
    }
}
