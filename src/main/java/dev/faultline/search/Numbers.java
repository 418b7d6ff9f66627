package dev.faultline.search;

import dev.faultline.search.Value.Comparison;
import dev.faultline.search.Value.Literal;
import dev.faultline.search.Value.Range;
import dev.faultline.search.Value.Wildcard;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The numbers from one to another, both included. */
public record Numbers(long least, long most) {
    private static final Pattern FORM = Pattern.compile("[0-9]{1,15}");

    /** Null: the value is no number. */
    public static @Nullable Numbers of(Value value) {
        return switch (value) {
            case Literal(String text) when number(text) -> new Numbers(Long.parseLong(text), Long.parseLong(text));
            case Comparison(Operator operator, String operand)
            when number(operand) -> beside(operator, Long.parseLong(operand));
            case Range(String from, String to)
            when number(from) && number(to) -> new Numbers(Long.parseLong(from), Long.parseLong(to));
            case Literal _, Comparison _, Range _, Wildcard _ -> null;
        };
    }

    private static boolean number(String text) {
        return FORM.matcher(text).matches();
    }

    private static Numbers beside(Operator operator, long number) {
        return switch (operator) {
            case AT_MOST -> new Numbers(0, number);
            case AT_LEAST -> new Numbers(number, Long.MAX_VALUE);
            case BELOW -> new Numbers(0, number - 1);
            case ABOVE -> new Numbers(number + 1, Long.MAX_VALUE);
        };
    }
}
