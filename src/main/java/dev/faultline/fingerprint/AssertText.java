package dev.faultline.fingerprint;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The text of an assert or panic without what differs from crash to crash. */
final class AssertText {
    static final int LENGTH = 80;

    private static final Pattern QUOTED = Pattern.compile("\"[^\"]*\"|(?<!\\w)'[^']*'");
    private static final Pattern PATH = Pattern.compile("(?:[\\w.-]*[/\\\\])+(?=[\\w.-]+)");
    private static final Pattern HEX =
            Pattern.compile("\\b0[xX][0-9a-fA-F]+\\b|\\b(?=[0-9a-fA-F]*[0-9])[0-9a-fA-F]{8,}\\b");
    private static final Pattern NUMBER = Pattern.compile("(?<![A-Za-z_0-9])[-+]?\\d++(?:\\.\\d++)?");
    private static final Pattern BLANK = Pattern.compile("[\\s\\p{Cntrl}]+");

    private AssertText() {}

    /** Quoted text becomes {@code "…"}, numbers {@code #}, paths their last part; absent stays absent. */
    static @Nullable String template(@Nullable String message) {
        if (message == null || message.isBlank()) {
            return null;
        }
        String cut = message.length() > 4 * LENGTH ? message.substring(0, 4 * LENGTH) : message;
        String text = QUOTED.matcher(cut).replaceAll("\"…\"");
        text = PATH.matcher(text).replaceAll("");
        text = HEX.matcher(text).replaceAll("#");
        text = NUMBER.matcher(text).replaceAll("#");
        text = BLANK.matcher(text).replaceAll(" ").strip();
        return text.length() > LENGTH ? text.substring(0, LENGTH) : text;
    }
}
