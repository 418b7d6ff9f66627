package dev.faultline.fingerprint;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * The rules of one project, asked before the packs; the first that fits decides.
 *
 * @param version goes up with every change; 0: there never were any
 */
public record ProjectRules(int version, List<Rule> rules) {
    /** Most rules of a project. */
    public static final int MOST_RULES = 500;

    /** Longest text of a rule's member, in characters. */
    public static final int LONGEST_TEXT = 300;

    /** No rules at all. */
    public static final ProjectRules NONE = new ProjectRules(0, List.of());

    /** What a rule may make of a frame. */
    private static final Set<FramePart> PARTS =
            Set.of(FramePart.SKIP, FramePart.PREFIX, FramePart.SENTINEL, FramePart.BASE, FramePart.RELEVANT);

    public ProjectRules {
        rules = List.copyOf(rules);
        if (rules.size() > MOST_RULES) {
            throw new IllegalArgumentException("%d rules; at most %d".formatted(rules.size(), MOST_RULES));
        }
        Set<String> ids = new HashSet<>();
        for (Rule rule : rules) {
            if (!ids.add(rule.id())) {
                throw new IllegalArgumentException("two rules have the id \"%s\"".formatted(rule.id()));
            }
            rule.compiled();
        }
    }

    /**
     * One rule. All patterns are regular expressions; at least one of {@code function}, {@code file} and {@code module} is
     * there, and an absent one fits everything.
     *
     * @param part {@code skip}, {@code prefix}, {@code sentinel}, {@code base}, or {@code relevant} for what a pack takes
     *     for plumbing and the project does not
     * @param function the whole normalised name
     * @param file a part of the path
     * @param module the whole name of the image
     * @param software the whole software type
     * @param because why, in a sentence
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Rule(
            String id,
            @JsonProperty("class") FramePart part,
            @Nullable String function,
            @Nullable String file,
            @Nullable String module,
            @Nullable String software,
            @Nullable String because) {

        /** As it is asked; an IllegalArgumentException says what is wrong with it. */
        FingerprintRules.Rule compiled() {
            require(id != null && !id.isBlank() && id.length() <= 64, "a rule's id is 1 to 64 characters");
            require(part != null && PARTS.contains(part), "class is one of skip, prefix, sentinel, base, relevant");
            require(
                    function != null || file != null || module != null,
                    "a rule has a pattern for function, file or module");
            return new FingerprintRules.Rule(
                    "project/" + id,
                    part,
                    pattern("function", function),
                    pattern("file", file),
                    pattern("module", module),
                    pattern("software", software),
                    because == null || because.isBlank() ? "a rule of this project" : because,
                    false);
        }

        private void require(boolean holds, String what) {
            if (!holds) {
                throw new IllegalArgumentException("rule \"%s\": %s".formatted(id, what));
            }
        }

        private @Nullable Pattern pattern(String member, @Nullable String text) {
            if (text == null) {
                return null;
            }
            require(
                    !text.isEmpty() && text.length() <= LONGEST_TEXT,
                    "%s is 1 to %d characters".formatted(member, LONGEST_TEXT));
            try {
                return Pattern.compile(text);
            } catch (PatternSyntaxException e) {
                throw new IllegalArgumentException(
                        "rule \"%s\": %s is no regular expression: %s".formatted(id, member, e.getDescription()), e);
            }
        }
    }
}
