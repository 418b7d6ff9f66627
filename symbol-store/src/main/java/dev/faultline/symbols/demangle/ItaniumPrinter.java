package dev.faultline.symbols.demangle;

import dev.faultline.symbols.demangle.Node.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Prints a name in the spelling of {@code c++filt}. It knows which template's arguments {@code T_} means at the moment:
 * in the signature of a template its own, inside of such an argument those of the template around.
 */
final class ItaniumPrinter {
    private final StringBuilder text;
    private final Work work;
    private final int limit;

    private @Nullable Scope scope;
    private @Nullable Scope signature;
    private @Nullable List<Node> lambda;

    /** The element of every pack that is to be printed. */
    private int element;

    /** How many elements the packs of the expansion being printed have. */
    private int elements = NO_PACK;

    private static final int NO_PACK = -1;

    /** The arguments of a template, and those of the template whose arguments they are part of. */
    record Scope(List<Node> arguments, @Nullable Scope outer) {}

    ItaniumPrinter(StringBuilder text, Work work, int limit) {
        this.text = text;
        this.work = work;
        this.limit = limit;
    }

    void append(char c) {
        text.append(c);
    }

    void append(int number) {
        text.append(number);
    }

    void append(String s) {
        text.append(s);
    }

    void append(String s, int start, int end) {
        text.append(s, start, end);
    }

    boolean endsWith(char c) {
        return !text.isEmpty() && text.charAt(text.length() - 1) == c;
    }

    void print(Node node) {
        left(node);
        right(node);
    }

    void left(Node node) {
        enter();
        node.left(this);
        work.leave();
    }

    void right(Node node) {
        enter();
        node.right(this);
        work.leave();
    }

    Shape shape(Node node) {
        enter();
        Shape shape = node.shape(this);
        work.leave();
        return shape;
    }

    private void enter() {
        work.enter();
        if (text.length() > limit) {
            throw new NotMangledException();
        }
    }

    /** A list with commas; what prints nothing, an empty pack, has none. */
    void list(List<Node> nodes) {
        int start = text.length();
        for (int i = 0; i < nodes.size(); i++) {
            int before = text.length();
            if (before > start) {
                text.append(", ");
            }
            int item = text.length();
            print(nodes.get(i));
            if (text.length() == item) {
                text.setLength(before);
            }
        }
    }

    void templateArguments(List<Node> arguments) {
        if (endsWith('<')) {
            append(' ');
        }
        append('<');
        list(arguments);
        if (endsWith('>')) {
            append(' ');
        }
        append('>');
    }

    /** An operand, in parentheses unless it is a name. */
    void operand(Node node) {
        if (node.isSimpleOperand()) {
            print(node);
        } else {
            append('(');
            print(node);
            append(')');
        }
    }

    /** The left half of a type up to where a {@code *} or its like may follow. */
    void openModifier(Node type) {
        left(type);
        open(shape(type));
    }

    private void open(Shape shape) {
        switch (shape) {
            case ARRAY -> append(endsWith(' ') ? "(" : " (");
            case FUNCTION -> append(endsWith(' ') || endsWith('(') || endsWith('*') ? "(" : " (");
            case PLAIN, WRAPS -> {}
        }
    }

    void closeModifier(Node type) {
        switch (shape(type)) {
            case ARRAY, FUNCTION -> {
                append(')');
                right(type);
            }
            case WRAPS -> right(type);
            case PLAIN -> {}
        }
    }

    Shape shapeOfPointerTo(Node type) {
        return shape(type) == Shape.PLAIN ? Shape.PLAIN : Shape.WRAPS;
    }

    void qualified(Type.Qualified type) {
        left(type.type());
        if (shape(type.type()) == Shape.FUNCTION) {
            open(Shape.FUNCTION);
        }
        // a const T of a T that is const already is const once
        int qualifiers = type.qualifiers();
        var outer = scope;
        if (follow(type.type()) instanceof Type.Qualified inner) {
            qualifiers &= ~inner.qualifiers();
        }
        scope = outer;
        qualifiers(qualifiers);
    }

    void qualifiers(int qualifiers) {
        if ((qualifiers & Type.Qualified.CONST) != 0) {
            append(" const");
        }
        if ((qualifiers & Type.Qualified.VOLATILE) != 0) {
            append(" volatile");
        }
        if ((qualifiers & Type.Qualified.RESTRICT) != 0) {
            append(" restrict");
        }
    }

    /** A function that something is local to: without the return type of a template. */
    void enclosing(Name.Encoding function) {
        enter();
        function(function, false);
        work.leave();
    }

    void function(Name.Encoding function, boolean withReturnType) {
        var outer = scope;
        var outerSignature = signature;
        var outerLambda = inLambda(null);
        List<Node> arguments = signatureArguments(function.name());
        Scope own = arguments == null ? outer : new Scope(arguments, outer);
        Node returnType = withReturnType ? function.returnType() : null;
        if (returnType != null) {
            scope = own;
            left(returnType);
            if (shape(returnType) == Shape.PLAIN) {
                append(' ');
            }
            scope = outer;
        }
        signature = own;
        print(function.name());
        scope = own;
        append('(');
        if (function.explicitObject()) {
            append("this ");
        }
        list(function.parameters());
        append(')');
        qualifiers(function.qualifiers());
        append(function.reference());
        if (returnType != null) {
            right(returnType);
        }
        if (!function.enableIf().isEmpty()) {
            append(" [enable_if:");
            list(function.enableIf());
            append(']');
        }
        if (function.constraint() != null) {
            append(" requires ");
            print(function.constraint());
        }
        scope = outer;
        signature = outerSignature;
        lambda = outerLambda;
    }

    /**
     * What {@code T_} means in the signature of a function: the arguments of the function template, or in the constraint
     * of a member that is none those of the class template.
     */
    private static @Nullable List<Node> signatureArguments(Node name) {
        Node at = name;
        while (true) {
            List<Node> arguments = at.templateArguments();
            if (arguments != null) {
                return arguments;
            }
            switch (at) {
                case Name.Nested nested -> {
                    if (nested.member() instanceof Name.ConstructorOrDestructor inherited
                            && inherited.baseClass() != null
                            && inherited.baseClass().templateArguments() != null) {
                        // of an inherited constructor template, which reads like a class template
                        return inherited.baseClass().templateArguments();
                    }
                    at = nested.scope();
                }
                case Name.Local local -> at = local.entity();
                case Name.DefaultArgument argument -> at = argument.entity();
                default -> {
                    return null;
                }
            }
        }
    }

    /** The type of a conversion operator belongs to the signature, though it stands in the name. */
    void printInSignature(Node type) {
        var outer = scope;
        scope = signature;
        print(type);
        scope = outer;
    }

    /** Enters the signature of a lambda with this template head, or leaves it. */
    @Nullable
    List<Node> inLambda(@Nullable List<Node> head) {
        var before = lambda;
        lambda = head;
        return before;
    }

    @Nullable
    Scope scope() {
        return scope;
    }

    void scope(@Nullable Scope newScope) {
        scope = newScope;
    }

    /** What a node is once parameters are replaced; leaves the printer in the scope of that. */
    Node follow(Node node) {
        Node followed = node;
        while (followed instanceof Type.TemplateParameter parameter) {
            work.enter();
            work.leave();
            Node argument = argument(parameter);
            if (argument == null) {
                return followed;
            }
            followed = argument;
        }
        return followed;
    }

    /**
     * What a parameter stands for here, or null where it stands for itself or for the element of an empty pack; leaves
     * the printer in the scope of the argument.
     */
    @Nullable
    Node argument(Type.TemplateParameter parameter) {
        if (lambda != null || parameter.level() > 0) {
            return null;
        }
        Scope current = scope;
        if (current == null || parameter.index() >= current.arguments().size()) {
            throw new NotMangledException();
        }
        Node argument = current.arguments().get(parameter.index());
        while (argument instanceof Type.DeclaredArgument declared) {
            argument = declared.argument();
        }
        if (argument instanceof Type.Pack pack) {
            int size = pack.elements().size();
            elements = Math.max(elements, size);
            argument = element < size ? pack.elements().get(element) : EMPTY;
        }
        scope = current.outer();
        return argument;
    }

    private static final Type.Pack EMPTY = new Type.Pack(List.of());

    /** A parameter that no argument is known for: of a generic lambda, or of a template head. */
    void unboundParameter(Type.TemplateParameter parameter) {
        if (lambda != null
                && parameter.index() < lambda.size()
                && lambda.get(parameter.index()) instanceof Type.ParameterDeclaration declaration) {
            append(declaration.kind());
            append(parameter.index());
        } else {
            append("auto:");
            append(parameter.index() + 1);
        }
    }

    void expansion(Node pattern) {
        int outerElement = element;
        int outerElements = elements;
        int start = text.length();
        element = 0;
        elements = NO_PACK;
        print(pattern);
        int size = elements;
        if (size == NO_PACK) {
            text.setLength(start);
            element = outerElement;
            operand(pattern);
            append("...");
        } else if (size == 0) {
            text.setLength(start);
        } else {
            for (int i = 1; i < size; i++) {
                element = i;
                append(", ");
                print(pattern);
            }
        }
        element = outerElement;
        elements = outerElements;
    }

    void packSize(Node node) {
        Scope current = scope;
        if (node instanceof Type.TemplateParameter parameter
                && current != null
                && lambda == null
                && parameter.level() == 0
                && parameter.index() < current.arguments().size()
                && current.arguments().get(parameter.index()) instanceof Type.Pack pack) {
            append(pack.elements().size());
        } else {
            append("sizeof...(");
            print(node);
            append(')');
        }
    }

    void capturedPackSize(List<Node> nodes) {
        append("sizeof...(");
        list(nodes);
        append(')');
    }

    /** A value with the suffix of its type where C++ has one, else behind a cast. */
    void literal(Node type, String value) {
        String suffix = type instanceof Type.Builtin(String name) ? suffix(name) : null;
        if (suffix != null) {
            signed(value);
            append(suffix);
        } else if (type == ItaniumTypes.BOOL && (value.equals("0") || value.equals("1"))) {
            append(value.equals("1") ? "true" : "false");
        } else {
            append('(');
            print(type);
            append(')');
            if (ItaniumTypes.isFloating(type)) {
                append('[');
                append(value);
                append(']');
            } else {
                signed(value);
            }
        }
    }

    private static @Nullable String suffix(String type) {
        return switch (type) {
            case "int" -> "";
            case "unsigned int" -> "u";
            case "long" -> "l";
            case "unsigned long" -> "ul";
            case "long long" -> "ll";
            case "unsigned long long" -> "ull";
            default -> null;
        };
    }

    private void signed(String value) {
        if (value.startsWith("n")) {
            append('-');
            append(value, 1, value.length());
        } else {
            append(value);
        }
    }
}
