package dev.faultline.symbols.demangle;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The types of the Itanium C++ ABI, 5.1.5. */
sealed interface Type extends Node {

    record Builtin(String name) implements Type {
        @Override
        public void left(ItaniumPrinter out) {
            out.append(name);
        }
    }

    /** A type with a word behind it that is no part of the language: {@code float _Complex}, {@code int _far}. */
    record Extended(Node type, Node extension) implements Type {
        @Override
        public void left(ItaniumPrinter out) {
            out.openModifier(type);
            out.append(' ');
            out.print(extension);
        }

        @Override
        public void right(ItaniumPrinter out) {
            out.closeModifier(type);
        }

        @Override
        public Shape shape(ItaniumPrinter out) {
            return out.shapeOfPointerTo(type);
        }
    }

    /** {@code const}, {@code volatile}, {@code restrict}: a set of the bits below. */
    record Qualified(Node type, int qualifiers) implements Type {
        static final int CONST = 1;
        static final int VOLATILE = 2;
        static final int RESTRICT = 4;

        @Override
        public void left(ItaniumPrinter out) {
            out.qualified(this);
        }

        @Override
        public void right(ItaniumPrinter out) {
            if (out.shape(type) == Shape.FUNCTION) {
                out.append(')');
            }
            out.right(type);
        }

        @Override
        public Shape shape(ItaniumPrinter out) {
            Shape inner = out.shape(type);
            return inner == Shape.FUNCTION ? Shape.WRAPS : inner;
        }
    }

    record Pointer(Node type) implements Type {
        @Override
        public void left(ItaniumPrinter out) {
            out.openModifier(type);
            out.append('*');
        }

        @Override
        public void right(ItaniumPrinter out) {
            out.closeModifier(type);
        }

        @Override
        public Shape shape(ItaniumPrinter out) {
            return out.shapeOfPointerTo(type);
        }
    }

    /** A reference; one to a reference collapses. */
    record Reference(Node type, boolean rvalue) implements Type {
        @Override
        public void left(ItaniumPrinter out) {
            var outer = out.scope();
            Node referred = out.follow(type);
            boolean both = rvalue;
            while (referred instanceof Reference inner) {
                both &= inner.rvalue;
                referred = out.follow(inner.type);
            }
            out.openModifier(referred);
            out.append(both ? "&&" : "&");
            out.scope(outer);
        }

        @Override
        public void right(ItaniumPrinter out) {
            var outer = out.scope();
            out.closeModifier(referred(out));
            out.scope(outer);
        }

        @Override
        public Shape shape(ItaniumPrinter out) {
            var outer = out.scope();
            Shape shape = out.shapeOfPointerTo(referred(out));
            out.scope(outer);
            return shape;
        }

        /** What all references at this place refer to; leaves the printer in its scope. */
        private Node referred(ItaniumPrinter out) {
            Node referred = out.follow(type);
            while (referred instanceof Reference inner) {
                referred = out.follow(inner.type);
            }
            return referred;
        }
    }

    record MemberPointer(Node container, Node member) implements Type {
        @Override
        public void left(ItaniumPrinter out) {
            out.openModifier(member);
            if (!out.endsWith('(')) {
                out.append(' ');
            }
            out.print(container);
            out.append("::*");
        }

        @Override
        public void right(ItaniumPrinter out) {
            out.closeModifier(member);
        }

        @Override
        public Shape shape(ItaniumPrinter out) {
            return out.shapeOfPointerTo(member);
        }
    }

    /**
     * A function type.
     *
     * @param exceptions what stands behind the parameters about exceptions and transactions, or null
     */
    record Function(
            Node returnType,
            List<Node> parameters,
            int qualifiers,
            String reference,
            @Nullable Node exceptions) implements Type {
        @Override
        public void left(ItaniumPrinter out) {
            out.left(returnType);
            if (out.shape(returnType) == Shape.PLAIN) {
                out.append(' ');
            }
        }

        @Override
        public void right(ItaniumPrinter out) {
            out.append('(');
            out.list(parameters);
            out.append(')');
            out.qualifiers(qualifiers);
            out.append(reference);
            if (exceptions != null) {
                out.append(' ');
                out.print(exceptions);
            }
            out.right(returnType);
        }

        @Override
        public Shape shape(ItaniumPrinter out) {
            return Shape.FUNCTION;
        }
    }

    /** What a function type says about exceptions: {@code noexcept(…)}, {@code throw(…)}. */
    record Exceptions(String word, List<Node> what) implements Type {
        @Override
        public void left(ItaniumPrinter out) {
            out.append(word);
            if (!what.isEmpty()) {
                out.append('(');
                out.list(what);
                out.append(')');
            }
        }
    }

    record Array(Node element, @Nullable Node bound) implements Type {
        @Override
        public void left(ItaniumPrinter out) {
            out.left(element);
        }

        @Override
        public void right(ItaniumPrinter out) {
            if (!out.endsWith(']')) {
                out.append(' ');
            }
            out.append('[');
            if (bound != null) {
                out.print(bound);
            }
            out.append(']');
            out.right(element);
        }

        @Override
        public Shape shape(ItaniumPrinter out) {
            return Shape.ARRAY;
        }
    }

    record Vector(Node element, Node size) implements Type {
        @Override
        public void left(ItaniumPrinter out) {
            out.print(element);
            out.append(" __vector(");
            out.print(size);
            out.append(')');
        }
    }

    /** {@code _BitInt}. */
    record BitInt(boolean signed, Node bits) implements Type {
        @Override
        public void left(ItaniumPrinter out) {
            out.append(signed ? "_BitInt(" : "unsigned _BitInt(");
            out.print(bits);
            out.append(')');
        }
    }

    /** {@code T_}: an argument of the template that is being printed, the parameter of a lambda, or one of a head. */
    record TemplateParameter(int level, int index) implements Type {
        @Override
        public void left(ItaniumPrinter out) {
            var outer = out.scope();
            Node argument = out.argument(this);
            if (argument == null) {
                out.unboundParameter(this);
            } else {
                out.left(argument);
            }
            out.scope(outer);
        }

        @Override
        public void right(ItaniumPrinter out) {
            var outer = out.scope();
            Node argument = out.argument(this);
            if (argument != null) {
                out.right(argument);
            }
            out.scope(outer);
        }

        @Override
        public Shape shape(ItaniumPrinter out) {
            var outer = out.scope();
            Node argument = out.argument(this);
            Shape shape = argument == null ? Shape.PLAIN : out.shape(argument);
            out.scope(outer);
            return shape;
        }
    }

    /** A parameter that the head of a lambda's or a template template parameter's list declares. */
    record ParameterDeclaration(String kind, @Nullable Node type, List<Node> head, int index, boolean pack)
            implements Type {
        @Override
        public void left(ItaniumPrinter out) {
            if (!head.isEmpty()) {
                out.append("template");
                out.templateArguments(head);
                out.append(' ');
            }
            if (type == null) {
                out.append("typename");
            } else {
                out.left(type);
            }
            out.append(pack ? "... " : " ");
            out.append(kind);
            out.append(index);
            if (type != null) {
                out.right(type);
            }
        }
    }

    /** {@code J…E}: what a parameter pack stands for. */
    record Pack(List<Node> elements) implements Type {
        @Override
        public void left(ItaniumPrinter out) {
            out.list(elements);
        }
    }

    /** {@code Dp}, and {@code sp} of an expression. */
    record Expansion(Node pattern) implements Type {
        @Override
        public void left(ItaniumPrinter out) {
            out.expansion(pattern);
        }
    }

    record Decltype(Node expression) implements Type {
        @Override
        public void left(ItaniumPrinter out) {
            out.append("decltype (");
            out.print(expression);
            out.append(')');
        }
    }

    /** A dependent type with its {@code struct}, {@code union} or {@code enum}. */
    record Elaborated(String keyword, Node name) implements Type {
        @Override
        public void left(ItaniumPrinter out) {
            out.append(keyword);
            out.print(name);
        }
    }

    /** {@code C auto}: a placeholder that a concept constrains. */
    record Constrained(Node concept, String placeholder) implements Type {
        @Override
        public void left(ItaniumPrinter out) {
            out.print(concept);
            out.append(placeholder);
        }
    }

    /** A template argument that says which parameter it is for; the parameter does not print. */
    record DeclaredArgument(Node argument) implements Type {
        @Override
        public void left(ItaniumPrinter out) {
            out.left(argument);
        }

        @Override
        public void right(ItaniumPrinter out) {
            out.right(argument);
        }

        @Override
        public Shape shape(ItaniumPrinter out) {
            return out.shape(argument);
        }
    }
}
