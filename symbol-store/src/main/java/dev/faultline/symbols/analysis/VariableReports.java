package dev.faultline.symbols.analysis;

import dev.faultline.symbols.report.VariableReport;
import dev.faultline.symbols.variables.Value;
import dev.faultline.symbols.variables.ValueText;
import dev.faultline.symbols.variables.Variable;

/** A variable as a report tells of it: on one line, and not too long. */
final class VariableReports {
    private static final int MOST_CHARACTERS = 512;

    private VariableReports() {}

    static VariableReport of(Variable variable) {
        var value = variable.value();
        String target = null;
        if (value instanceof Value.Pointer(var text, var pointed)
                && pointed.isPresent()
                && !(pointed.get() instanceof Value.Text)) {
            target = cut(ValueText.of(pointed.get()));
        }
        return new VariableReport(variable.name(), variable.type(), cut(ValueText.of(value)), target, state(value));
    }

    private static String state(Value value) {
        return switch (value) {
            case Value.OptimisedOut() -> "optimised-out";
            case Value.NotInDump notInDump -> "not-in-dump";
            case Value.Unreadable unreadable -> "unreadable";
            case Value.Scalar scalar -> "known";
            case Value.Text text -> "known";
            case Value.Pointer pointer -> "known";
            case Value.Structure structure -> "known";
            case Value.Sequence sequence -> "known";
        };
    }

    private static String cut(String text) {
        return text.length() <= MOST_CHARACTERS ? text : text.substring(0, MOST_CHARACTERS) + "...";
    }
}
