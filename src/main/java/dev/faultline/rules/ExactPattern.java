package dev.faultline.rules;

import dev.faultline.fingerprint.ProjectRules;

/** Patterns for rules that fit one text, made as a person would write them. */
public final class ExactPattern {
    private static final String SPECIAL = "\\.[]{}()*+?^$|";
    private static final String ANY_END = ".*";

    private ExactPattern() {}

    /** Fits that text and no other; of one too long for a rule, all that begin like it. */
    public static String of(String text) {
        return quoted(text, ProjectRules.LONGEST_TEXT);
    }

    /** Fits the paths of files of that name, wherever they are. */
    public static String ofFile(String name) {
        String start = "(?:^|[/\\\\])";
        return start + quoted(name, ProjectRules.LONGEST_TEXT - start.length() - 1) + "$";
    }

    private static String quoted(String text, int most) {
        var pattern = new StringBuilder();
        int cut = 0;
        for (int i = 0; i < text.length(); ) {
            int character = text.codePointAt(i);
            i += Character.charCount(character);
            if (SPECIAL.indexOf(character) >= 0) {
                pattern.append('\\');
            }
            pattern.appendCodePoint(character);
            if (pattern.length() <= most - ANY_END.length()) {
                cut = pattern.length();
            } else if (pattern.length() > most) {
                return pattern.substring(0, cut) + ANY_END;
            }
        }
        return pattern.toString();
    }
}
