package dev.faultline.fingerprint;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
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

    /** Longest id of a rule, in characters. */
    public static final int LONGEST_ID = 64;

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

        /** What is wrong with it, member by member; nothing with a rule that can be asked. */
        public List<Trouble> troubles() {
            List<Trouble> found = new ArrayList<>();
            if (id == null || id.isBlank() || id.length() > LONGEST_ID) {
                found.add(new Trouble("id", "a rule's id is 1 to %d characters".formatted(LONGEST_ID)));
            }
            if (part == null || !PARTS.contains(part)) {
                found.add(new Trouble("class", "class is one of skip, prefix, sentinel, base, relevant"));
            }
            if (function == null && file == null && module == null) {
                found.add(new Trouble("function", "a rule has a pattern for function, file or module"));
            }
            pattern("function", function, found);
            pattern("file", file, found);
            pattern("module", module, found);
            pattern("software", software, found);
            return List.copyOf(found);
        }

        /** As it is asked; an IllegalArgumentException says what is wrong with it. */
        FingerprintRules.Rule compiled() {
            List<Trouble> found = troubles();
            if (!found.isEmpty()) {
                throw new IllegalArgumentException(
                        "rule \"%s\": %s".formatted(id, found.getFirst().what()));
            }
            return new FingerprintRules.Rule(
                    "project/" + id,
                    part,
                    compiled(function),
                    compiled(file),
                    compiled(module),
                    compiled(software),
                    because == null || because.isBlank() ? "a rule of this project" : because,
                    false);
        }

        private static @Nullable Pattern compiled(@Nullable String text) {
            return text == null ? null : Pattern.compile(text);
        }

        private static void pattern(String member, @Nullable String text, List<Trouble> found) {
            if (text == null) {
                return;
            }
            if (text.isEmpty() || text.length() > LONGEST_TEXT) {
                found.add(new Trouble(member, "%s is 1 to %d characters".formatted(member, LONGEST_TEXT)));
                return;
            }
            try {
                Pattern.compile(text);
            } catch (PatternSyntaxException e) {
                found.add(new Trouble(member, "%s is no regular expression: %s".formatted(member, e.getDescription())));
            }
        }
    }

    /**
     * What is wrong with a rule.
     *
     * @param member of the rule's JSON
     * @param what in words
     */
    public record Trouble(String member, String what) {}

    /** The rule of an id. */
    public Optional<Rule> rule(String id) {
        return rules.stream().filter(rule -> rule.id().equals(id)).findFirst();
    }

    /** These, and one more that is asked before them. */
    public ProjectRules withFirst(Rule rule) {
        List<Rule> changed = new ArrayList<>(rules);
        changed.addFirst(rule);
        return new ProjectRules(version, changed);
    }

    /** These, with another rule in the place of the one of an id; as they are where there is none. */
    public ProjectRules replacing(String id, Rule rule) {
        return new ProjectRules(
                version,
                rules.stream().map(old -> old.id().equals(id) ? rule : old).toList());
    }

    public ProjectRules without(String id) {
        return new ProjectRules(
                version, rules.stream().filter(rule -> !rule.id().equals(id)).toList());
    }

    /** These, with a rule asked one place earlier or later; the first stays first and the last stays last. */
    public ProjectRules moved(String id, boolean earlier) {
        List<Rule> changed = new ArrayList<>(rules);
        for (int from = 0; from < changed.size(); from++) {
            if (changed.get(from).id().equals(id)) {
                int to = Math.clamp(earlier ? from - 1L : from + 1L, 0, changed.size() - 1);
                Collections.swap(changed, from, to);
                break;
            }
        }
        return new ProjectRules(version, changed);
    }
}
