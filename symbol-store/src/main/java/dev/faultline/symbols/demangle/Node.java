package dev.faultline.symbols.demangle;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of an Itanium name. C++ writes declarators around what they declare ({@code int (*f())[3]}), so a part prints
 * in two halves: what stands left of the declared name and what stands right of it.
 */
sealed interface Node permits Name, Type, Expression {
    void left(ItaniumPrinter out);

    default void right(ItaniumPrinter out) {}

    /** What a pointer to this has to look like. */
    default Shape shape(ItaniumPrinter out) {
        return Shape.PLAIN;
    }

    /** Whether this needs no parentheses as an operand. */
    default boolean isSimpleOperand() {
        return false;
    }

    /** The arguments of this if it is a template specialization: what {@code T_} means in its signature. */
    default @Nullable List<Node> templateArguments() {
        return null;
    }

    enum Shape {
        /** Everything is on the left. */
        PLAIN,
        /** Has a right half, the parentheses are there already: a pointer to a function. */
        WRAPS,
        /** A pointer to it needs parentheses: {@code void (*)(int)}. */
        FUNCTION,
        /** A pointer to it needs parentheses: {@code int (*) [3]}. */
        ARRAY
    }
}
