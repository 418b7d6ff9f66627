package dev.faultline.fingerprint;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One logical frame's part in a fingerprint.
 *
 * @param name the normalised name; of a function without a name {@code ?module} or {@code ?build+offset}
 * @param function the name as reported, where it differs
 * @param part what was done with it
 * @param rule id of the rule that decided so; absent where no rule did
 * @param because why, in a sentence; absent for an ordinary frame
 * @param keys the keys it entered, of {@code k1}, {@code k3}, {@code k8}
 * @param file without its directory
 * @param line 1-based; 0: none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record FingerprintFrame(
        String name,
        @Nullable String function,
        FramePart part,
        @Nullable String rule,
        @Nullable String because,
        List<String> keys,
        @Nullable String file,
        int line) {

    public FingerprintFrame {
        keys = List.copyOf(keys);
    }

    /** Whether rules are asked about it: they are about functions, so never about a frame without one. */
    public boolean ruled() {
        boolean nullCall = name.equals("null") && rule == null && part == FramePart.PREFIX;
        return !nullCall && (function != null || !name.startsWith("?"));
    }
}
