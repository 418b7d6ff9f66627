package dev.faultline.fingerprint;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The rules that class frames: those of the project, then the packs that come with the service ({@code rule-packs/}).
 *
 * @param version what they were, such as {@code packs 13} or {@code packs 13, project 4}; kept with every fingerprint
 * @param names how functions are spelled
 * @param rules the first that fits decides
 */
record FingerprintRules(String version, Names names, List<Rule> rules) {
    private static final String FOLDER = "/rule-packs/";

    /** In the order in which they are asked: those of a platform before those that hold everywhere. */
    private static final List<String> PACKS = List.of(
            "cortex-m",
            "newlib",
            "freertos",
            "zephyr",
            "esp-idf",
            "threadx",
            "linux-glibc",
            "linux-musl",
            "rust",
            "cxx",
            "common");

    private static final ObjectMapper YAML =
            new ObjectMapper(new YAMLFactory()).enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    FingerprintRules {
        rules = List.copyOf(rules);
    }

    /** The packs that come with the service, in the order in which they are asked. */
    static List<Pack> packs() {
        return PACKS.stream().map(name -> read(name, Pack.class)).toList();
    }

    /** The rules of packs, with the spellings that come with the service. */
    static FingerprintRules of(List<Pack> packs) {
        Names names = read("names", Names.class);
        int version = names.version();
        List<Rule> rules = new ArrayList<>();
        for (Pack pack : packs) {
            version += pack.version();
            for (Rule rule : pack.rules()) {
                rules.add(rule.named(pack.pack() + "/" + rule.id()));
            }
        }
        // each of them only goes up, so their sum does
        return new FingerprintRules("packs " + version, names, rules);
    }

    private static <T> T read(String name, Class<T> type) {
        String resource = FOLDER + name + ".yaml";
        try (InputStream yaml = FingerprintRules.class.getResourceAsStream(resource)) {
            if (yaml == null) {
                throw new IllegalStateException(resource + " is not in the distribution");
            }
            return YAML.readValue(yaml, type);
        } catch (IOException e) {
            throw new UncheckedIOException(resource, e);
        }
    }

    /** These with the project's own before them. */
    FingerprintRules with(ProjectRules project) {
        if (project.rules().isEmpty()) {
            return this;
        }
        List<Rule> all = new ArrayList<>();
        project.rules().forEach(rule -> all.add(rule.compiled()));
        all.addAll(rules);
        return new FingerprintRules("%s, project %d".formatted(version, project.version()), names, all);
    }

    /** The rules for the frames of one stack, which has many frames of few functions. */
    Matching matching(String software) {
        return new Matching(rules, software, new HashMap<>());
    }

    /** Rules asked about one stack. */
    record Matching(List<Rule> rules, String software, Map<Frame, List<Rule>> known) {

        private record Frame(
                String function,
                @Nullable String file,
                @Nullable String module) {}

        /** The rule for a frame, if one fits. */
        @Nullable
        Rule rule(String function, @Nullable String file, @Nullable String module) {
            List<Rule> found = known.computeIfAbsent(
                    new Frame(function, file, module),
                    frame -> rules.stream()
                            .filter(rule -> rule.fits(function, file, module, software))
                            .limit(1)
                            .toList());
            return found.isEmpty() ? null : found.getFirst();
        }
    }

    /**
     * Spellings of functions.
     *
     * @param version goes up with every change
     * @param aliases other spellings of one function, applied in order
     * @param genericNames names that many unrelated functions have, as long as they are private to a file
     */
    record Names(
            int version,
            List<Alias> aliases,
            @JsonProperty("generic-names") Set<String> genericNames) {
        Names {
            aliases = List.copyOf(aliases);
            genericNames = Set.copyOf(genericNames);
        }
    }

    /** Rules of one platform. */
    record Pack(String pack, int version, List<Rule> rules) {
        Pack {
            rules = List.copyOf(rules);
        }

        RulePack shown() {
            return new RulePack(pack, version, rules.stream().map(Rule::shown).toList());
        }
    }

    /**
     * One rule; a pattern that is absent fits everything.
     *
     * @param part what a frame that fits does: {@code skip}, {@code prefix}, {@code sentinel} or {@code base}
     * @param function the whole normalised name
     * @param file a part of the path
     * @param module the whole name of the image
     * @param software the whole software type
     * @param because why, for the one who reads the explanation
     * @param builtIn of a prefix: compilers write its work in place at their pleasure, so it enters no key
     */
    record Rule(
            String id,
            @JsonProperty("class") FramePart part,
            @Nullable Pattern function,
            @Nullable Pattern file,
            @Nullable Pattern module,
            @Nullable Pattern software,
            String because,
            @JsonProperty("built-in") boolean builtIn) {

        Rule named(String full) {
            return new Rule(full, part, function, file, module, software, because, builtIn);
        }

        RulePack.Rule shown() {
            return new RulePack.Rule(
                    id, part, text(function), text(file), text(module), text(software), because, builtIn);
        }

        private static @Nullable String text(@Nullable Pattern pattern) {
            return pattern == null ? null : pattern.pattern();
        }

        boolean fits(String functionName, @Nullable String filePath, @Nullable String moduleName, String softwareType) {
            return (function == null || BoundedText.of(functionName).isAll(function))
                    && (file == null
                            || (filePath != null && BoundedText.of(filePath).has(file)))
                    && (module == null
                            || (moduleName != null && BoundedText.of(moduleName).isAll(module)))
                    && (software == null || BoundedText.of(softwareType).isAll(software));
        }
    }

    /** A spelling, and what it stands for; {@code $1} is the pattern's first group. */
    record Alias(Pattern match, String to) {

        String applied(String name) {
            var matcher = match.matcher(name);
            return matcher.matches() ? matcher.replaceFirst(to) : name;
        }
    }
}
