package dev.faultline.web;

import dev.faultline.cluster.ProbableFix;

/** A word about a row that matters at first sight, and the sentence behind it. */
public record Badge(String label, Tone tone, String meaning) {

    /** That newer releases would have shown a cluster, and did not. */
    static Badge probablyFixed(ProbableFix fix) {
        // never more than was found: 99.96 % is not 100 %
        long percent = (long) Math.floor(100 * fix.confidence());
        return new Badge(
                "probably fixed " + percent + " %",
                Tone.GREEN,
                "Not seen since %s: at its rate of before it would have been, with a confidence of %d %%. Resolve it, and it opens again if it comes back"
                        .formatted(fix.since(), percent));
    }

    /** From the word that a query answers with; one without an explanation here is shown as it is. */
    static Badge of(String word) {
        return switch (word) {
            case "new" -> new Badge("new", Tone.BLUE, "First seen in the newest release or within the last days");
            case "regressed" ->
                new Badge("regressed", Tone.RED, "It was resolved, and crashed in a release that has the fix");
            case "escalating" ->
                new Badge("escalating", Tone.RED, "Its crashes of the last days are more than its past explains");
            case "seen-again" ->
                new Badge(
                        "seen again",
                        Tone.AMBER,
                        "It is resolved, and crashed in a release of which nobody knows whether it has the fix");
            case "boot-crash" ->
                new Badge("boot crash", Tone.RED, "Half of its crashes or more come within a minute of the boot");
            case "muted" -> new Badge("muted", Tone.PLAIN, "Nobody wants to hear of it until something happens");
            case "needs-symbols" ->
                new Badge("needs symbols", Tone.AMBER, "Its stack is unnamed until a debug file is uploaded");
            case "provisional" ->
                new Badge("provisional", Tone.AMBER, "Grouped by addresses; it moves when the symbols arrive");
            case "resolved" -> new Badge("resolved", Tone.GREEN, "Marked as resolved");
            default -> new Badge(word.replace('-', ' '), Tone.PLAIN, word.replace('-', ' '));
        };
    }
}
