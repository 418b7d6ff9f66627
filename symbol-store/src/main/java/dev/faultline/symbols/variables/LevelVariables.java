package dev.faultline.symbols.variables;

import java.util.List;

/** The variables of one level of a frame: of the function itself, or of a call inlined into it. */
public record LevelVariables(List<Variable> arguments, List<Variable> locals) {
    /** Of a level that nothing is known about. */
    public static final LevelVariables NONE = new LevelVariables(List.of(), List.of());

    public LevelVariables {
        arguments = List.copyOf(arguments);
        locals = List.copyOf(locals);
    }
}
