package dev.faultline.fingerprint;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The rules that class frames, as read from {@code fingerprint-rules.yaml}.
 *
 * @param version goes up with every change, and is kept with every fingerprint
 * @param aliases other spellings of one function, applied in order
 * @param genericNames names that many unrelated functions have, as long as they are private to a file
 * @param packs of rules; the first rule that fits decides
 */
record FingerprintRules(
        int version,
        @JsonProperty("aliases") List<Alias> aliases,
        @JsonProperty("generic-names") Set<String> genericNames,
        List<Pack> packs) {
    private static final String RESOURCE = "/fingerprint-rules.yaml";

    FingerprintRules {
        aliases = List.copyOf(aliases);
        genericNames = Set.copyOf(genericNames);
        packs = List.copyOf(packs);
    }

    /** The rules that come with the service. */
    static FingerprintRules shipped() {
        try (InputStream yaml = FingerprintRules.class.getResourceAsStream(RESOURCE)) {
            if (yaml == null) {
                throw new IllegalStateException(RESOURCE + " is not in the distribution");
            }
            return new ObjectMapper(new YAMLFactory())
                    .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .readValue(yaml, FingerprintRules.class);
        } catch (IOException e) {
            throw new UncheckedIOException(RESOURCE, e);
        }
    }

    /** The rule for a frame, if one fits. */
    @Nullable
    Rule rule(String function, @Nullable String file, @Nullable String module, String software) {
        for (Pack pack : packs) {
            for (Rule rule : pack.rules()) {
                if (rule.fits(function, file, module, software)) {
                    return rule;
                }
            }
        }
        return null;
    }

    /** Rules of one platform. */
    record Pack(String name, List<Rule> rules) {
        Pack {
            rules = List.copyOf(rules);
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
     */
    record Rule(
            String id,
            @JsonProperty("class") FramePart part,
            @Nullable Pattern function,
            @Nullable Pattern file,
            @Nullable Pattern module,
            @Nullable Pattern software,
            String because) {

        boolean fits(String functionName, @Nullable String filePath, @Nullable String moduleName, String softwareType) {
            return (function == null || function.matcher(functionName).matches())
                    && (file == null
                            || (filePath != null && file.matcher(filePath).find()))
                    && (module == null
                            || (moduleName != null && module.matcher(moduleName).matches()))
                    && (software == null || software.matcher(softwareType).matches());
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
