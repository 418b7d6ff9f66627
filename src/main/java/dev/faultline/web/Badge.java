package dev.faultline.web;

/** A word about a row that matters at first sight, and the sentence behind it. */
public record Badge(String label, Tone tone, String meaning) {

    /** From the word that a query answers with; one without an explanation here is shown as it is. */
    static Badge of(String word) {
        return switch (word) {
            case "new" -> new Badge("new", Tone.BLUE, "First seen in the newest release or within the last days");
            case "needs-symbols" ->
                new Badge("needs symbols", Tone.AMBER, "Its stack is unnamed until a debug file is uploaded");
            case "provisional" ->
                new Badge("provisional", Tone.AMBER, "Grouped by addresses; it moves when the symbols arrive");
            case "resolved" -> new Badge("resolved", Tone.GREEN, "Marked as resolved");
            default -> new Badge(word.replace('-', ' '), Tone.PLAIN, word.replace('-', ' '));
        };
    }
}
