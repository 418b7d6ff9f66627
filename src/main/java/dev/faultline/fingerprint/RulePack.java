package dev.faultline.fingerprint;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rules of one platform that come with the service, as people read them.
 *
 * @param version goes up with every change of the pack
 * @param rules in the order in which they are asked
 */
public record RulePack(String name, int version, List<Rule> rules) {

    public RulePack {
        rules = List.copyOf(rules);
    }

    /**
     * One rule. Patterns are regular expressions; one that is absent fits everything.
     *
     * @param builtIn of a prefix: compilers write its work in place at their pleasure, so it enters no key
     */
    public record Rule(
            String id,
            FramePart part,
            @Nullable String function,
            @Nullable String file,
            @Nullable String module,
            @Nullable String software,
            String because,
            boolean builtIn) {}
}
