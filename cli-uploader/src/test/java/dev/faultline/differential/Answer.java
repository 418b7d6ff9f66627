package dev.faultline.differential;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** What a tool says about one address: levels innermost first, none where it knows no function. */
record Answer(List<Level> levels) {
    static final Answer NOTHING = new Answer(List.of());

    Answer {
        levels = List.copyOf(levels);
    }

    /** Levels as a tool printed them: one that knows nothing is none; a line without a function names no function. */
    static Answer of(List<Level> levels) {
        boolean unknown = levels.stream()
                .allMatch(level -> level.function() == null && level.file() == null && level.line() == 0);
        return unknown ? NOTHING : new Answer(levels);
    }

    boolean isNothing() {
        return levels.isEmpty();
    }

    /** Whether a function is named at the outermost level. */
    boolean namesFunction() {
        return !levels.isEmpty() && levels.getLast().function() != null;
    }

    Level innermost() {
        return levels.getFirst();
    }

    Level outermost() {
        return levels.getLast();
    }

    String text() {
        return levels.stream().map(Level::text).collect(Collectors.joining("\t"));
    }

    static Answer parse(String text) {
        return text.isEmpty()
                ? NOTHING
                : new Answer(
                        Arrays.stream(text.split("\t", -1)).map(Level::parse).toList());
    }

    @Override
    public String toString() {
        return levels.isEmpty()
                ? "nothing"
                : levels.stream().map(Level::toString).collect(Collectors.joining(" < "));
    }
}
