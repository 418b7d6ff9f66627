package dev.faultline.symbols.demangle;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The expressions of the Itanium C++ ABI, 5.1.6. */
sealed interface Expression extends Node {

    /** A literal; its type decides how the value is written. */
    record Literal(Node type, String value) implements Expression {
        @Override
        public void left(ItaniumPrinter out) {
            out.literal(type, value);
        }
    }

    /** A literal whose value the mangled name does not have: a string, or a lambda. */
    record TypedLiteral(Node type) implements Expression {
        @Override
        public void left(ItaniumPrinter out) {
            out.append("\"<");
            out.print(type);
            out.append(">\"");
        }
    }

    record Unary(String operator, Node operand) implements Expression {
        @Override
        public void left(ItaniumPrinter out) {
            out.append(operator);
            // the address of a member function is written without its parameters
            if (operator.equals("&")
                    && operand instanceof Name.Encoding function
                    && function.qualifiers() == 0
                    && function.reference().isEmpty()
                    && function.name().isSimpleOperand()
                    && function.name() instanceof Name.Nested) {
                out.print(function.name());
            } else {
                out.operand(operand);
            }
        }
    }

    record Postfix(Node operand, String operator) implements Expression {
        @Override
        public void left(ItaniumPrinter out) {
            out.operand(operand);
            out.append(operator);
        }
    }

    record Binary(Node first, String operator, Node second) implements Expression {
        @Override
        public void left(ItaniumPrinter out) {
            boolean closesTemplate = operator.equals(">");
            if (closesTemplate) {
                out.append('(');
            }
            out.operand(first);
            out.append(operator);
            out.operand(second);
            if (closesTemplate) {
                out.append(')');
            }
        }
    }

    record Subscript(Node array, Node index) implements Expression {
        @Override
        public void left(ItaniumPrinter out) {
            out.operand(array);
            out.append('[');
            out.print(index);
            out.append(']');
        }
    }

    record Conditional(Node condition, Node first, Node second) implements Expression {
        @Override
        public void left(ItaniumPrinter out) {
            out.operand(condition);
            out.append('?');
            out.operand(first);
            out.append(" : ");
            out.operand(second);
        }
    }

    record Call(Node function, List<Node> arguments) implements Expression {
        @Override
        public void left(ItaniumPrinter out) {
            // a function that is called is written without its parameters
            out.operand(function instanceof Name.Encoding encoding ? encoding.name() : function);
            out.append('(');
            out.list(arguments);
            out.append(')');
        }
    }

    /** {@code (type)operand}. */
    record Cast(Node type, Node operand) implements Expression {
        @Override
        public void left(ItaniumPrinter out) {
            out.append('(');
            out.print(type);
            out.append(')');
            out.operand(operand);
        }
    }

    /** {@code (type)(operands)}: a conversion with none or several operands. */
    record Conversion(Node type, List<Node> operands) implements Expression {
        @Override
        public void left(ItaniumPrinter out) {
            out.append('(');
            out.print(type);
            out.append(")(");
            out.list(operands);
            out.append(')');
        }
    }

    /** {@code static_cast} and its like. */
    record NamedCast(String keyword, Node type, Node operand) implements Expression {
        @Override
        public void left(ItaniumPrinter out) {
            out.append(keyword);
            out.append('<');
            out.print(type);
            out.append(">(");
            out.print(operand);
            out.append(')');
        }
    }

    /** An operator written as a word before something in parentheses: {@code sizeof (type)}. */
    record Parenthesized(String keyword, Node operand) implements Expression {
        @Override
        public void left(ItaniumPrinter out) {
            out.append(keyword);
            out.append('(');
            out.print(operand);
            out.append(')');
        }
    }

    record InitializerList(@Nullable Node type, List<Node> elements) implements Expression {
        @Override
        public void left(ItaniumPrinter out) {
            if (type != null) {
                out.print(type);
            }
            out.append('{');
            out.list(elements);
            out.append('}');
        }

        @Override
        public boolean isSimpleOperand() {
            return true;
        }
    }

    /** {@code .field=value}, {@code [index]=value}, {@code [first ... last]=value}. */
    record Designated(
            @Nullable Node field,
            @Nullable Node first,
            @Nullable Node last,
            Node value) implements Expression {
        @Override
        public void left(ItaniumPrinter out) {
            if (field != null) {
                out.append('.');
                out.print(field);
            }
            if (first != null) {
                out.append('[');
                out.print(first);
                if (last != null) {
                    out.append(" ... ");
                    out.print(last);
                }
                out.append(']');
            }
            if (value instanceof Designated) {
                out.print(value);
            } else {
                out.append('=');
                out.operand(value);
            }
        }
    }

    /**
     * {@code new}.
     *
     * @param keyword with a leading {@code ::} where there is one
     * @param initializer null where there is none
     */
    record New(
            String keyword,
            List<Node> placement,
            Node type,
            boolean array,
            @Nullable Node initializer) implements Expression {
        @Override
        public void left(ItaniumPrinter out) {
            out.append(keyword);
            if (!placement.isEmpty()) {
                out.append('(');
                out.list(placement);
                out.append(") ");
            }
            out.print(type);
            if (array) {
                out.append("[]");
            }
            if (initializer != null) {
                out.print(initializer);
            }
        }
    }

    record Arguments(List<Node> arguments) implements Expression {
        @Override
        public void left(ItaniumPrinter out) {
            out.append('(');
            out.list(arguments);
            out.append(')');
        }
    }

    record FunctionParameter(int number) implements Expression {
        @Override
        public void left(ItaniumPrinter out) {
            out.append("{parm#");
            out.append(number);
            out.append('}');
        }

        @Override
        public boolean isSimpleOperand() {
            return true;
        }
    }

    record This() implements Expression {
        @Override
        public void left(ItaniumPrinter out) {
            out.append("this");
        }

        @Override
        public boolean isSimpleOperand() {
            return true;
        }
    }

    record Throw(@Nullable Node operand) implements Expression {
        @Override
        public void left(ItaniumPrinter out) {
            out.append("throw");
            if (operand != null) {
                out.append(' ');
                out.operand(operand);
            }
        }
    }

    /** {@code sizeof...}: the number of elements where the pack is known. */
    record PackSize(Node pack) implements Expression {
        @Override
        public void left(ItaniumPrinter out) {
            out.packSize(pack);
        }
    }

    /** {@code sizeof...} of a pack that an alias template captured. */
    record CapturedPackSize(List<Node> elements) implements Expression {
        @Override
        public void left(ItaniumPrinter out) {
            out.capturedPackSize(elements);
        }
    }

    /**
     * A fold.
     *
     * @param first null in a unary left fold
     * @param last null in a unary right fold
     */
    record Fold(
            @Nullable Node first, String operator, @Nullable Node last) implements Expression {
        @Override
        public void left(ItaniumPrinter out) {
            out.append('(');
            if (first != null) {
                out.operand(first);
                out.append(operator);
            }
            out.append("...");
            if (last != null) {
                out.append(operator);
                out.operand(last);
            }
            out.append(')');
        }
    }

    /** A fold with a start or an end value. */
    record BinaryFold(Node first, String operator, Node last) implements Expression {
        @Override
        public void left(ItaniumPrinter out) {
            out.append('(');
            out.operand(first);
            out.append(operator);
            out.append("...");
            out.append(operator);
            out.operand(last);
            out.append(')');
        }
    }

    /** An expression that a vendor adds. */
    record Vendor(Node name, List<Node> operands) implements Expression {
        @Override
        public void left(ItaniumPrinter out) {
            out.print(name);
            out.append('(');
            out.list(operands);
            out.append(')');
        }
    }

    /** A part of an object, as a template argument: {@code so}. */
    record Subobject(Node type, Node object, String offset) implements Expression {
        @Override
        public void left(ItaniumPrinter out) {
            out.print(object);
            out.append(".<");
            out.print(type);
            out.append(" at offset ");
            out.append(offset.isEmpty() ? "0" : offset.startsWith("n") ? "-" + offset.substring(1) : offset);
            out.append('>');
        }
    }

    /** {@code requires (parameters) { requirements }}. */
    record Requires(List<Node> parameters, List<Node> requirements) implements Expression {
        @Override
        public void left(ItaniumPrinter out) {
            out.append("requires");
            if (!parameters.isEmpty()) {
                out.append(" (");
                out.list(parameters);
                out.append(')');
            }
            out.append(" {");
            for (Node requirement : requirements) {
                out.append(' ');
                out.print(requirement);
                out.append(';');
            }
            out.append(" }");
        }
    }

    /** {@code {expression} noexcept -> constraint}, {@code typename type} or {@code requires constraint}. */
    record Requirement(
            String before,
            Node what,
            String after,
            @Nullable Node constraint) implements Expression {
        @Override
        public void left(ItaniumPrinter out) {
            out.append(before);
            out.print(what);
            out.append(after);
            if (constraint != null) {
                out.append(" -> ");
                out.print(constraint);
            }
        }
    }
}
