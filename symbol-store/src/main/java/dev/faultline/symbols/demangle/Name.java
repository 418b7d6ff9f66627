package dev.faultline.symbols.demangle;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The names of the Itanium C++ ABI, 5.1.2 to 5.1.4 and 5.1.7. */
sealed interface Name extends Node {

    /** Words that mean themselves: {@code std}, {@code operator+}. */
    record Word(String text) implements Name {
        @Override
        public void left(ItaniumPrinter out) {
            out.append(text);
        }
    }

    /** A source name, not copied out of the mangled name. */
    record Identifier(String mangled, int start, int end) implements Name {
        @Override
        public void left(ItaniumPrinter out) {
            out.append(mangled, start, end);
        }

        @Override
        public boolean isSimpleOperand() {
            return true;
        }
    }

    /** An abbreviation of the ABI: {@code Ss}; its constructors have the name of the class template. */
    record StandardClass(String expanded, String className) implements Name {
        @Override
        public void left(ItaniumPrinter out) {
            out.append(expanded);
        }
    }

    record Nested(Node scope, Node member) implements Name {
        @Override
        public void left(ItaniumPrinter out) {
            out.print(scope);
            out.append("::");
            out.print(member);
        }

        @Override
        public boolean isSimpleOperand() {
            return true;
        }
    }

    /** An unresolved name after a leading {@code gs}. */
    record Global(Node name) implements Name {
        @Override
        public void left(ItaniumPrinter out) {
            out.append("::");
            out.print(name);
        }
    }

    record Template(Node name, List<Node> arguments) implements Name {
        @Override
        public void left(ItaniumPrinter out) {
            out.print(name);
            out.templateArguments(arguments);
        }

        @Override
        public List<Node> templateArguments() {
            return arguments;
        }
    }

    /** A name with an ABI tag. */
    record Tagged(Node name, Identifier tag) implements Name {
        @Override
        public void left(ItaniumPrinter out) {
            out.print(name);
            out.append("[abi:");
            out.print(tag);
            out.append(']');
        }

        @Override
        public boolean isSimpleOperand() {
            return name.isSimpleOperand();
        }
    }

    /**
     * A constructor or destructor: the name of its class again, without arguments and tags.
     *
     * @param baseClass where the constructor was inherited from, or null
     */
    record ConstructorOrDestructor(
            boolean destructor, Node className, @Nullable Node baseClass) implements Name {
        @Override
        public void left(ItaniumPrinter out) {
            if (destructor) {
                out.append('~');
            }
            out.print(className);
        }
    }

    /** A conversion operator. As a member template it is converted to a type of its own arguments, which come after it. */
    record Conversion(Node type) implements Name {
        @Override
        public void left(ItaniumPrinter out) {
            out.append("operator ");
            out.printInSignature(type);
        }
    }

    record LiteralOperator(Identifier suffix) implements Name {
        @Override
        public void left(ItaniumPrinter out) {
            out.append("operator\"\" ");
            out.print(suffix);
        }
    }

    /** An operator that a vendor adds. */
    record VendorOperator(Identifier name) implements Name {
        @Override
        public void left(ItaniumPrinter out) {
            out.append("operator ");
            out.print(name);
        }
    }

    /** A destructor named in an expression. */
    record Destructor(Node type) implements Name {
        @Override
        public void left(ItaniumPrinter out) {
            out.append('~');
            out.print(type);
        }
    }

    record StructuredBinding(List<Node> names) implements Name {
        @Override
        public void left(ItaniumPrinter out) {
            out.append('[');
            out.list(names);
            out.append(']');
        }
    }

    /** A lambda. {@code T_} in its parameters is its own {@code auto}, or a parameter of its template head. */
    record Closure(List<Node> head, List<Node> parameters, int number) implements Name {
        @Override
        public void left(ItaniumPrinter out) {
            out.append("{lambda");
            var outer = out.inLambda(head);
            if (!head.isEmpty()) {
                out.templateArguments(head);
            }
            out.append('(');
            out.list(parameters);
            out.inLambda(outer);
            out.append(")#");
            out.append(number);
            out.append('}');
        }
    }

    record UnnamedType(int number) implements Name {
        @Override
        public void left(ItaniumPrinter out) {
            out.append("{unnamed type#");
            out.append(number);
            out.append('}');
        }
    }

    /** A name inside of a function. */
    record Local(Node function, Node entity) implements Name {
        @Override
        public void left(ItaniumPrinter out) {
            if (function instanceof Encoding encoding) {
                out.enclosing(encoding);
            } else {
                out.print(function);
            }
            out.append("::");
            out.print(entity);
        }

        @Override
        public @Nullable List<Node> templateArguments() {
            return entity.templateArguments();
        }
    }

    /** A name inside of a default argument, counted from the last. */
    record DefaultArgument(int number, Node entity) implements Name {
        @Override
        public void left(ItaniumPrinter out) {
            out.append("{default arg#");
            out.append(number);
            out.append("}::");
            out.print(entity);
        }

        @Override
        public @Nullable List<Node> templateArguments() {
            return entity.templateArguments();
        }
    }

    /** A C++20 module or partition. */
    record Module(@Nullable Node parent, boolean partition, Identifier name) implements Name {
        @Override
        public void left(ItaniumPrinter out) {
            if (parent != null) {
                out.print(parent);
            }
            if (partition) {
                out.append(':');
            } else if (parent != null) {
                out.append('.');
            }
            out.print(name);
        }
    }

    record InModule(Node name, Node module) implements Name {
        @Override
        public void left(ItaniumPrinter out) {
            out.print(name);
            out.append('@');
            out.print(module);
        }
    }

    /** A friend defined in a class whose constraints depend on it. */
    record MemberLikeFriend(Node name) implements Name {
        @Override
        public void left(ItaniumPrinter out) {
            out.append("friend ");
            out.print(name);
        }
    }

    /** Something the compiler makes for an entity: {@code vtable for}. */
    record Special(String what, Node entity) implements Name {
        @Override
        public void left(ItaniumPrinter out) {
            out.append(what);
            out.print(entity);
        }
    }

    record ConstructionVtable(Node derived, Node base) implements Name {
        @Override
        public void left(ItaniumPrinter out) {
            out.append("construction vtable for ");
            out.print(base);
            out.append("-in-");
            out.print(derived);
        }
    }

    /**
     * A function with its signature.
     *
     * @param qualifiers of {@code *this}, as in {@link Type.Qualified}
     * @param reference {@code ""}, {@code " &"} or {@code " &&"}
     */
    record Encoding(
            Node name,
            @Nullable Node returnType,
            List<Node> parameters,
            boolean explicitObject,
            int qualifiers,
            String reference,
            List<Node> enableIf,
            @Nullable Node constraint)
            implements Name {

        @Override
        public void left(ItaniumPrinter out) {
            out.function(this, true);
        }

        @Override
        public @Nullable List<Node> templateArguments() {
            return name.templateArguments();
        }
    }
}
