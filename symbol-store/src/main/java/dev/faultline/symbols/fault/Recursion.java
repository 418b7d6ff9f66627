package dev.faultline.symbols.fault;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Functions that call themselves in a circle.
 *
 * @param functions one round, the callee first
 * @param rounds how often it is on the stack without a break
 */
record Recursion(List<String> functions, int rounds) {
    private static final int LONGEST_ROUND = 8;
    private static final int FEWEST_ROUNDS = 3;

    /** How deep in the stack the circle may begin: the innermost functions need not belong to it. */
    private static final int DEEPEST_START = 4;

    /** The shortest circle near the innermost end of a stack; functions are innermost first, null where unknown. */
    static Optional<Recursion> of(List<@Nullable String> stack) {
        for (int start = 0; start <= DEEPEST_START; start++) {
            for (int length = 1; length <= LONGEST_ROUND; length++) {
                int rounds = rounds(stack, start, length);
                if (rounds >= FEWEST_ROUNDS) {
                    return Optional.of(new Recursion(names(stack.subList(start, start + length)), rounds));
                }
            }
        }
        return Optional.empty();
    }

    /** The round in words, in the order of the calls. */
    String words() {
        return functions.reversed().stream().map("`%s`"::formatted).collect(Collectors.joining(" → "));
    }

    private static int rounds(List<@Nullable String> stack, int start, int length) {
        int same = 0;
        for (int i = start; i + length < stack.size(); i++) {
            var function = stack.get(i);
            if (function == null || !function.equals(stack.get(i + length))) {
                break;
            }
            same++;
        }
        return same < length ? 1 : 1 + same / length;
    }

    private static List<String> names(List<@Nullable String> functions) {
        var names = new ArrayList<String>();
        for (var function : functions) {
            if (function != null) {
                names.add(function);
            }
        }
        return List.copyOf(names);
    }
}
