package dev.faultline.web;

import dev.faultline.symbols.report.VariableReport;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A variable as shown.
 *
 * @param type as the source would write it; template code makes types of many kilobytes
 * @param value what it held, or why that is not known
 * @param target of a pointer: what is there, or why that is not known
 */
public record VariableView(
        String name, Text type, Text value, @Nullable Text target) {
    /** Of a longer text the page shows the beginning, and the whole where one points at it. */
    static final int LONGEST = 200;

    /** A report says of a variable in which state it is, of its target only so. */
    private static final Pattern REASON =
            Pattern.compile("<(?:optimised out|not in dump|not in dump: .*|unreadable: .*)>", Pattern.DOTALL);

    /**
     * A text as far as there is room for it.
     *
     * @param whole all of it, where that is more
     * @param unknown whether it is no value but words that say why there is none
     */
    public record Text(String shown, @Nullable String whole, boolean unknown) {

        static Text of(String text, boolean unknown) {
            if (text.length() <= LONGEST) {
                return new Text(text, null, unknown);
            }
            // never between the halves of a character
            int end = Character.isHighSurrogate(text.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST;
            return new Text(text.substring(0, end) + " …", text, unknown);
        }

        /** The reason without the brackets that tell it from a value where everything is text. */
        static Text reason(String reason) {
            int begin = reason.startsWith("<") ? 1 : 0;
            int end = reason.endsWith(">") ? reason.length() - 1 : reason.length();
            return of(begin < end ? reason.substring(begin, end) : reason, true);
        }
    }

    static VariableView of(VariableReport variable) {
        String value = variable.value();
        return new VariableView(
                variable.name(),
                Text.of(variable.type(), false),
                variable.state().equals("known") ? Text.of(value, false) : Text.reason(value),
                target(variable.target()));
    }

    private static @Nullable Text target(@Nullable String target) {
        if (target == null) {
            return null;
        }
        return REASON.matcher(target).matches() ? Text.reason(target) : Text.of(target, false);
    }
}
