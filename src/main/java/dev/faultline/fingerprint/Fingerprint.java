package dev.faultline.fingerprint;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a crash is grouped by, and why. Kept with the crash, so that nobody has to guess later.
 *
 * @param algorithm version of the way from report to keys; part of every key
 * @param rules version of the rules that classed the frames, packs and project; not part of a key, so that a new rule
 *     moves only the crashes it is about
 * @param software the software type, else the image's name, else empty
 * @param reason label of the reason family
 * @param assertion the text of an assert or panic with its numbers, quoted text and paths taken out; part of every key
 * @param signature {@code family | f0 | f1 | f2}, at most {@value #SIGNATURE_LENGTH} characters
 * @param k1 key of the innermost relevant frame, as 64 hexadecimal digits; like the others it covers the plumbing frames
 *     above
 * @param k2 key of the two innermost functions that are in the image, without what was inlined into them: what a build
 *     without line information shows of the same crash; null where there are no two
 * @param k3 key of the three innermost relevant frames: crashes that share it share a cluster
 * @param k8 key of all relevant frames: the variant's identity
 * @param incomplete the stack ends, or its lines are missing, before it says in which operation it crashed, so that k3 is
 *     of less than it might be: see {@link ClusterKey}
 * @param provisional bound to one build: symbols are missing, or the stack says too little
 * @param needsSymbols provisional because symbols are missing
 * @param place {@code file:line} of the innermost relevant frame, file without its directory
 * @param frames the logical frames of the crashed thread, innermost first, each with its part
 * @param notes what was done to the stack as a whole, in sentences
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Fingerprint(
        int algorithm,
        String rules,
        String software,
        String reason,
        @Nullable String assertion,
        String signature,
        String k1,
        @Nullable String k2,
        String k3,
        String k8,
        boolean incomplete,
        boolean provisional,
        boolean needsSymbols,
        @Nullable String place,
        List<FingerprintFrame> frames,
        List<String> notes) {

    /** The longest signature, in characters. */
    public static final int SIGNATURE_LENGTH = 255;

    public Fingerprint {
        frames = List.copyOf(frames);
        notes = List.copyOf(notes);
    }
}
