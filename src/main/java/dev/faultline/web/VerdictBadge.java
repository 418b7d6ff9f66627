package dev.faultline.web;

import dev.faultline.release.Verdict;

/** A verdict as a word with a colour. */
final class VerdictBadge {
    private VerdictBadge() {}

    static Badge of(Verdict verdict) {
        return switch (verdict) {
            case GO -> new Badge("GO", Tone.GREEN, "As far as the policy asks, it is as good as its baseline");
            case NO_GO -> new Badge("NO_GO", Tone.RED, "It is worse than the policy allows, beyond doubt");
            case PAUSE ->
                new Badge("PAUSE", Tone.AMBER, "There is evidence against it: roll it out no further for now");
            case INSUFFICIENT -> new Badge("INSUFFICIENT", Tone.PLAIN, "Too little is known to say");
        };
    }
}
