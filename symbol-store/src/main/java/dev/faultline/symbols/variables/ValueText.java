package dev.faultline.symbols.variables;

import java.util.stream.Collectors;

/** A value on one line, much as gdb writes it. */
public final class ValueText {
    public static final String OPTIMISED_OUT = "<optimised out>";
    public static final String NOT_IN_DUMP = "<not in dump>";

    private ValueText() {}

    /** The value itself; what pointers point to is left out inside of structures and arrays. */
    public static String of(Value value) {
        return switch (value) {
            case Value.OptimisedOut() -> OPTIMISED_OUT;
            case Value.NotInDump notInDump -> notInDump(notInDump);
            case Value.Unreadable(String reason) -> "<unreadable: " + reason + ">";
            case Value.Scalar(String text) -> text;
            case Value.Text(String text, boolean cut) -> '"' + text + '"' + (cut ? "..." : "");
            case Value.Pointer(String text, var target) ->
                target.isPresent() && target.get() instanceof Value.Text string ? text + " " + of(string) : text;
            case Value.Structure(var members, int more) ->
                members.stream()
                        .map(member -> member.name().isEmpty()
                                ? of(member.value())
                                : member.name() + " = " + of(member.value()))
                        .collect(Collectors.joining(", ", "{", more == 0 ? "}" : ", ... %d more}".formatted(more)));
            case Value.Sequence(var runs, long more) ->
                runs.stream()
                        .map(run -> run.count() == 1
                                ? of(run.value())
                                : of(run.value()) + " <repeats " + run.count() + " times>")
                        .collect(Collectors.joining(", ", "{", more == 0 ? "}" : ", ... %d more}".formatted(more)));
        };
    }

    private static String notInDump(Value.NotInDump value) {
        var ranges = value.missing().stream()
                .map(range -> "0x%x-0x%x".formatted(range.address(), range.address() + range.size() - 1))
                .collect(Collectors.joining(", "));
        return ranges.isEmpty() ? NOT_IN_DUMP : "<not in dump: " + ranges + ">";
    }
}
