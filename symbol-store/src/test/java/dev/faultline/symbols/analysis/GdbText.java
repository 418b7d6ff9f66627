package dev.faultline.symbols.analysis;

import dev.faultline.symbols.variables.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Values in gdb's words. What is written differently and means the same is brought to one form: floating-point numbers, which
 * gdb prints with nine digits and we with as few as tell them apart, and the zeros behind a string.
 */
final class GdbText {
    /** As many as gdb was asked for. */
    static final int ELEMENTS = 64;

    private static final String NO_MEMORY = "<error: Cannot access memory>";
    private static final Pattern FLOAT =
            Pattern.compile("(?<![\\w.'\"\\\\])-?\\d+(\\.\\d+([eE][-+]?\\d+)?|[eE][-+]?\\d+)(?![\\w.'\"])");
    private static final Pattern CHARACTER = Pattern.compile("-?\\d+ '(.*)'");

    private GdbText() {}

    static String normalised(String gdbs) {
        String text = gdbs.replaceAll("<error: Cannot access memory at address 0x[0-9a-f]+>", NO_MEMORY);
        text = text.replaceAll("(0x[0-9a-f]+( <[^>]*>)?) " + NO_MEMORY, "$1");
        text = withoutZeros(text).replaceAll("\\b0x0 <[^>]*>", "0x0"); // nothing has no name
        text = text.replaceAll("-?nan\\(0x[0-9a-f]+\\)", "nan");
        text = text.replaceAll(
                "<error: Unable to access DWARF register number (\\d+)>",
                "<unreadable: the dump does not have register $1>");
        text = text.replace("<error: Division by zero>", "<unreadable: an expression divides by zero>");
        text = withoutNumbers(withoutNamespaces(text));
        return floats(isNowhere(text) ? "<optimized out>" : text);
    }

    private static String withoutZeros(String text) {
        return text.replaceAll("(?<!\\\\)(\\\\000)+\"(\\.\\.\\.)?", "\"");
    }

    /** Types and enumerators are shown without, and gdb does not name what a reference refers to. */
    private static String withoutNamespaces(String text) {
        return text.replaceAll("\\b(\\w+::)+(?=\\w)", "").replaceAll("(@0x[0-9a-f]+) <[^>]*>", "$1");
    }

    /** Whether every part of a value was optimised out, each of which gdb names. */
    private static boolean isNowhere(String text) {
        return text.contains("<optimized out>")
                && text.replaceAll("\\w+ = |<optimized out>|[{}, ]|\\.\\.\\.", "")
                        .isEmpty();
    }

    /** A type's name; a bound that is computed gdb has in words, and it names integers in its own way. */
    static String type(String name) {
        return withoutNamespaces(name)
                .replace("[variable length]", "[]")
                .replaceAll("\\b(long long|long|short) unsigned int\\b", "unsigned $1")
                .replaceAll("\\b(long long|long|short) int\\b", "$1");
    }

    private static String floats(String text) {
        return FLOAT.matcher(text).replaceAll(found -> {
            String number = Float.toString(Float.parseFloat(found.group()));
            return number.endsWith(".0") ? number.substring(0, number.length() - 2) : number;
        });
    }

    /** Our value as gdb would have it; with a part that is not in memory, gdb has nothing. */
    static String of(Value value) {
        return isMissing(value) ? NO_MEMORY : floats(withoutNamespaces(withoutNumbers(withoutZeros(text(value)))));
    }

    /** A variable of a function has a number behind its name in the linker's table, which we name it by and gdb at times. */
    private static String withoutNumbers(String text) {
        return text.replaceAll("<(\\w+)\\.\\d+>", "<$1>");
    }

    private static boolean isMissing(Value value) {
        return switch (value) {
            case Value.NotInDump missing -> true;
            case Value.Structure(var members, int more) ->
                members.stream().anyMatch(member -> isMissing(member.value()));
            case Value.Sequence(var runs, long more) -> runs.stream().anyMatch(run -> isMissing(run.value()));
            case Value.OptimisedOut() -> false;
            case Value.Unreadable unreadable -> false;
            case Value.Scalar scalar -> false;
            case Value.Text text -> false;
            case Value.Pointer pointer -> false;
        };
    }

    private static String text(Value value) {
        return switch (value) {
            case Value.OptimisedOut() -> "<optimized out>";
            case Value.NotInDump missing -> NO_MEMORY;
            case Value.Unreadable(String reason) -> "<unreadable: " + reason + ">";
            case Value.Scalar(String text) -> text;
            case Value.Text(String text, boolean cut) -> "\"" + text + "\"" + (cut ? "..." : "");
            case Value.Pointer(String text, var target) ->
                target.isPresent() && target.get() instanceof Value.Text string ? text + " " + text(string) : text;
            case Value.Structure(var members, int more) ->
                members.stream()
                        .map(member -> member.name().isEmpty()
                                ? text(member.value())
                                : member.name() + " = " + text(member.value()))
                        .collect(Collectors.joining(", ", "{", "}"));
            case Value.Sequence(var runs, long more) -> sequence(runs, more);
        };
    }

    private static String sequence(List<Value.Run> runs, long more) {
        var elements = new ArrayList<String>();
        long count = more;
        for (var run : runs) {
            String text = text(run.value());
            count += run.count();
            for (long i = 0; i < run.count() && elements.size() < ELEMENTS; i++) {
                elements.add(text);
            }
        }
        boolean characters = !elements.isEmpty()
                && elements.stream().allMatch(text -> CHARACTER.matcher(text).matches());
        if (!characters) {
            return elements.stream().collect(Collectors.joining(", ", "{", count > ELEMENTS ? "...}" : "}"));
        }
        return elements.stream()
                .map(text -> text.substring(text.indexOf('\'') + 1, text.length() - 1))
                .map(text -> text.equals("\"") ? "\\\"" : text.equals("\\'") ? "'" : text)
                .collect(Collectors.joining("", "\"", count > ELEMENTS ? "\"..." : "\""));
    }
}
