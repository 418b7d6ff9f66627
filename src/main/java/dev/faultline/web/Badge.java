package dev.faultline.web;

/** A word about a row that matters at first sight, and the sentence behind it. */
public record Badge(String label, Tone tone, String meaning) {

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
