package dev.faultline.symbols.demangle;

import java.util.List;

/** Reads the expressions of the Itanium C++ ABI, 5.1.6. */
final class ItaniumExpressions {
    private static final Expression.This THIS = new Expression.This();

    private final Cursor in;
    private final ItaniumParser names;
    private final Work work;
    private final boolean scopesRemembered;
    private boolean ambiguous;

    ItaniumExpressions(Cursor in, ItaniumParser names, Work work, boolean scopesRemembered) {
        this.in = in;
        this.scopesRemembered = scopesRemembered;
        this.names = names;
        this.work = work;
    }

    /** Whether the name would read otherwise without {@code scopesRemembered}. */
    boolean wasAmbiguous() {
        return ambiguous;
    }

    /** {@code <expression>}. */
    Node expression() {
        work.enter();
        Node expression = switch (in.peek()) {
            case 'L' -> primary();
            case 'T' -> names.templateParameter();
            case 'u' -> vendorExpression();
            case '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> simpleId();
            default -> operation();
        };
        work.leave();
        return expression;
    }

    private Node operation() {
        char first = in.peek();
        char second = in.peek(1);
        if (first == 'f' && isFunctionParameter(second)) {
            return functionParameter();
        }
        if (first == 'g' && second == 's') {
            return global();
        }
        in.skip(2);
        return switch (first) {
            case 's' ->
                switch (second) {
                    case 'r' -> unresolvedName();
                    case 't' -> new Expression.Parenthesized("sizeof ", names.type());
                    case 'z' -> new Expression.Unary("sizeof ", expression());
                    case 'c' -> namedCast("static_cast");
                    case 'p' -> new Type.Expansion(expression());
                    case 'Z' -> packSize();
                    case 'P' -> new Expression.CapturedPackSize(templateArgumentsUntilEnd());
                    case 'o' -> subobject();
                    default -> operator(first, second);
                };
            case 'a' ->
                switch (second) {
                    case 't' -> new Expression.Unary("alignof ", names.type());
                    case 'z' -> new Expression.Unary("alignof ", expression());
                    case 'w' -> new Expression.Unary("co_await ", expression());
                    default -> operator(first, second);
                };
            case 'c' ->
                switch (second) {
                    case 'l', 'p' -> {
                        Node function = second == 'l' ? expression() : baseUnresolvedName();
                        yield new Expression.Call(function, untilEnd());
                    }
                    case 'v' -> conversion();
                    case 'c' -> namedCast("const_cast");
                    default -> operator(first, second);
                };
            case 'd' ->
                switch (second) {
                    case 't' -> new Expression.Binary(expression(), ".", memberName());
                    case 's' -> new Expression.Binary(expression(), ".*", expression());
                    case 'c' -> namedCast("dynamic_cast");
                    case 'l' -> new Expression.Unary("delete ", expression());
                    case 'a' -> new Expression.Unary("delete[] ", expression());
                    case 'n' -> new Name.Destructor(destructorName());
                    default -> operator(first, second);
                };
            case 'f' ->
                switch (second) {
                    case 'l', 'r', 'L', 'R' -> fold(second);
                    default -> throw new NotMangledException();
                };
            case 'i' ->
                second == 'l' ? new Expression.InitializerList(null, bracedUntilEnd()) : operator(first, second);
            case 'm' -> second == 'c' ? memberConversion() : operator(first, second);
            case 'n' ->
                switch (second) {
                    case 'w' -> newExpression("new ", false);
                    case 'a' -> newExpression("new ", true);
                    case 'x' -> new Expression.Parenthesized("noexcept ", expression());
                    default -> operator(first, second);
                };
            case 'o' -> second == 'n' ? operatorId() : operator(first, second);
            case 'p' ->
                second == 't' ? new Expression.Binary(expression(), "->", memberName()) : operator(first, second);
            case 'r' ->
                switch (second) {
                    case 'c' -> namedCast("reinterpret_cast");
                    case 'q' -> requires(List.of());
                    case 'Q' -> requires(parametersOfRequires());
                    default -> operator(first, second);
                };
            case 't' ->
                switch (second) {
                    case 'i' -> new Expression.Parenthesized("typeid ", names.type());
                    case 'e' -> new Expression.Parenthesized("typeid ", expression());
                    case 'l' -> {
                        Node type = names.type();
                        yield new Expression.InitializerList(type, bracedUntilEnd());
                    }
                    case 'w' -> new Expression.Throw(expression());
                    case 'r' -> new Expression.Throw(null);
                    default -> throw new NotMangledException();
                };
            default -> operator(first, second);
        };
    }

    private Node operator(char first, char second) {
        Operator operator = Operator.of(first, second);
        if (operator == null) {
            if (first == 'v' && Cursor.isDigit(second)) {
                return vendorOperation(second - '0');
            }
            throw new NotMangledException();
        }
        return switch (operator.operands) {
            case 1 -> {
                boolean step = operator == Operator.pp || operator == Operator.mm;
                if (step && !in.take('_')) {
                    yield new Expression.Postfix(expression(), operator.symbol);
                }
                yield new Expression.Unary(operator.symbol, expression());
            }
            case 2 -> {
                Node left = expression();
                Node right = expression();
                yield operator == Operator.ix
                        ? new Expression.Subscript(left, right)
                        : new Expression.Binary(left, operator.symbol, right);
            }
            default -> {
                if (operator != Operator.qu) {
                    throw new NotMangledException();
                }
                Node condition = expression();
                Node first1 = expression();
                yield new Expression.Conditional(condition, first1, expression());
            }
        };
    }

    private Node vendorOperation(int count) {
        Node name = names.sourceName();
        int start = names.pendingCount();
        for (int i = 0; i < count; i++) {
            names.push(expression());
        }
        return new Expression.Vendor(name, names.since(start));
    }

    private Node namedCast(String keyword) {
        Node type = names.type();
        return new Expression.NamedCast(keyword, type, expression());
    }

    private Node conversion() {
        Node type = names.type();
        return in.take('_') ? new Expression.Conversion(type, untilEnd()) : new Expression.Cast(type, expression());
    }

    private List<Node> untilEnd() {
        int start = names.pendingCount();
        while (!in.take('E')) {
            names.push(expression());
        }
        return names.since(start);
    }

    private List<Node> bracedUntilEnd() {
        int start = names.pendingCount();
        while (!in.take('E')) {
            names.push(braced());
        }
        return names.since(start);
    }

    /** {@code <braced-expression>}. */
    private Node braced() {
        work.enter();
        Node braced;
        if (in.take('d', 'i')) {
            Node field = names.sourceName();
            braced = new Expression.Designated(field, null, null, braced());
        } else if (in.take('d', 'x')) {
            Node index = expression();
            braced = new Expression.Designated(null, index, null, braced());
        } else if (in.take('d', 'X')) {
            Node first = expression();
            Node last = expression();
            braced = new Expression.Designated(null, first, last, braced());
        } else {
            braced = expression();
        }
        work.leave();
        return braced;
    }

    private List<Node> templateArgumentsUntilEnd() {
        int start = names.pendingCount();
        while (!in.take('E')) {
            names.push(names.templateArgument());
        }
        return names.since(start);
    }

    private Node newExpression(String keyword, boolean array) {
        int start = names.pendingCount();
        while (!in.take('_')) {
            names.push(expression());
        }
        List<Node> placement = names.since(start);
        Node type = names.type();
        Node initializer = null;
        if (in.take('p', 'i')) {
            initializer = new Expression.Arguments(untilEnd());
        } else if (in.take('i', 'l')) {
            initializer = new Expression.InitializerList(null, bracedUntilEnd());
        } else {
            in.expect('E');
        }
        return new Expression.New(keyword, placement, type, array, initializer);
    }

    /** What follows a leading {@code gs}. */
    private Node global() {
        in.skip(2);
        if (in.take('n', 'w')) {
            return newExpression("::new ", false);
        }
        if (in.take('n', 'a')) {
            return newExpression("::new ", true);
        }
        if (in.take('d', 'l')) {
            return new Expression.Unary("::delete ", expression());
        }
        if (in.take('d', 'a')) {
            return new Expression.Unary("::delete[] ", expression());
        }
        return new Name.Global(in.take('s', 'r') ? unresolvedName() : baseUnresolvedName());
    }

    private static boolean isFunctionParameter(char second) {
        return second == 'p' || second == 'L';
    }

    /** {@code <function-param>}, or a binary left fold, which begins alike. */
    private Node functionParameter() {
        in.skip(1);
        if (in.take('L')) {
            if (!in.atDigit()) {
                return fold('L');
            }
            in.number();
            in.expect('p');
        } else {
            in.expect('p');
            if (in.take('T')) {
                return THIS;
            }
        }
        in.take('r');
        in.take('V');
        in.take('K');
        int number = in.peek() == '_' ? 1 : in.number() + 2;
        in.expect('_');
        return new Expression.FunctionParameter(number);
    }

    private Node fold(char kind) {
        Operator operator = Operator.of(in.next(), in.next());
        if (operator == null || operator.operands != 2) {
            throw new NotMangledException();
        }
        Node first = expression();
        return switch (kind) {
            case 'l' -> new Expression.Fold(null, operator.symbol, first);
            case 'r' -> new Expression.Fold(first, operator.symbol, null);
            default -> new Expression.BinaryFold(first, operator.symbol, expression());
        };
    }

    private Node packSize() {
        return new Expression.PackSize(in.peek() == 'T' ? names.templateParameter() : expression());
    }

    private Node subobject() {
        Node type = names.type();
        Node object = expression();
        String offset = number();
        while (in.take('_')) {
            if (in.atDigit()) {
                in.number();
            }
        }
        in.take('p');
        in.expect('E');
        return new Expression.Subobject(type, object, offset);
    }

    private Node memberConversion() {
        Node type = names.type();
        Node member = expression();
        number();
        in.expect('E');
        return new Expression.Cast(type, member);
    }

    /** A number with its sign, which may be missing. */
    private String number() {
        int start = in.position();
        in.take('n');
        while (in.atDigit()) {
            in.skip(1);
        }
        return in.name.substring(start, in.position());
    }

    private Node memberName() {
        if (in.peek() == 'L') {
            return primary(); // Clang, for a member it knows
        }
        if (in.take('g', 's')) {
            return new Name.Global(in.take('s', 'r') ? unresolvedName() : baseUnresolvedName());
        }
        return in.take('s', 'r') ? unresolvedName() : baseUnresolvedName();
    }

    /** {@code <unresolved-name>} behind {@code sr}; GCC before ABI version 11 has one type and one name here. */
    private Node unresolvedName() {
        work.enter();
        Node scope;
        if (in.atDigit()) {
            scope = simpleId();
            while (in.atDigit()) {
                int place = in.position();
                Node next = simpleId();
                if (in.peek() != 'E' && !in.atDigit()) {
                    // no E behind the last level: that one was the name
                    in.moveTo(place);
                    break;
                }
                if (in.peek() == 'E' && !beginsBaseUnresolvedName(1)) {
                    in.moveTo(place);
                    break;
                }
                scope = new Name.Nested(scope, next);
            }
            if (in.peek() == 'E' && beginsBaseUnresolvedName(1)) {
                in.skip(1);
            }
        } else if (in.peek() == 'N' && !scopesRemembered && !Cursor.isDigit(in.peek(1))) {
            in.skip(1);
            scope = names.type();
            while (!in.take('E')) {
                scope = new Name.Nested(scope, simpleId());
            }
        } else {
            ambiguous |= in.peek() == 'N';
            scope = names.type();
        }
        Node base = baseUnresolvedName();
        work.leave();
        return base instanceof Name.Template template
                ? new Name.Template(new Name.Nested(scope, template.name()), template.arguments())
                : new Name.Nested(scope, base);
    }

    private boolean beginsBaseUnresolvedName(int ahead) {
        char c = in.peek(ahead);
        return Cursor.isDigit(c) || ((c == 'o' || c == 'd') && in.peek(ahead + 1) == 'n');
    }

    /** {@code <base-unresolved-name>}. */
    private Node baseUnresolvedName() {
        if (in.take('o', 'n')) {
            return operatorId();
        }
        if (in.take('d', 'n')) {
            return new Name.Destructor(destructorName());
        }
        return in.atDigit() ? simpleId() : operatorId();
    }

    private Node operatorId() {
        Node name = names.operatorName();
        return in.peek() == 'I' ? new Name.Template(name, names.templateArguments()) : name;
    }

    private Node destructorName() {
        return in.atDigit() ? simpleId() : names.type();
    }

    /** {@code <simple-id>}. */
    private Node simpleId() {
        Node name = names.sourceName();
        while (in.take('B')) {
            name = new Name.Tagged(name, names.identifier());
        }
        return in.peek() == 'I' ? new Name.Template(name, names.templateArguments()) : name;
    }

    private Node vendorExpression() {
        in.skip(1);
        Node name = names.sourceName();
        return new Expression.Vendor(name, templateArgumentsUntilEnd());
    }

    /** {@code <expr-primary>}. */
    Node primary() {
        work.enter();
        in.expect('L');
        Node primary;
        if (in.take('_', 'Z') || in.take('Z')) {
            // GCC before 4.x left out the underscore
            primary = names.encoding();
        } else {
            primary = literal(names.type());
        }
        in.expect('E');
        work.leave();
        return primary;
    }

    private Node literal(Node type) {
        int start = in.position();
        while (in.peek() != 'E') {
            char c = in.next();
            if (!Cursor.isDigit(c) && (c < 'a' || c > 'z') && c != '_' && (c < 'A' || c > 'F')) {
                throw new NotMangledException();
            }
        }
        if (in.position() > start) {
            return new Expression.Literal(type, in.name.substring(start, in.position()));
        }
        return switch (type) {
            case Type.Builtin nullptr -> nullptr;
            case Type.Array array -> new Expression.TypedLiteral(array);
            case Name closure -> closure;
            default -> throw new NotMangledException();
        };
    }

    private List<Node> parametersOfRequires() {
        int start = names.pendingCount();
        while (!in.take('_')) {
            names.push(names.type());
        }
        return names.since(start);
    }

    private Node requires(List<Node> parameters) {
        int start = names.pendingCount();
        while (!in.take('E')) {
            names.push(requirement());
        }
        return new Expression.Requires(parameters, names.since(start));
    }

    /** {@code <requirement>}. */
    private Node requirement() {
        return switch (in.next()) {
            case 'X' -> {
                Node expression = expression();
                String after = in.take('N') ? "} noexcept" : "}";
                Node constraint = in.take('R') ? names.name() : null;
                yield after.equals("}") && constraint == null
                        ? new Expression.Requirement("", expression, "", null)
                        : new Expression.Requirement("{", expression, after, constraint);
            }
            case 'T' -> new Expression.Requirement("typename ", names.type(), "", null);
            case 'Q' -> new Expression.Requirement("requires ", expression(), "", null);
            default -> throw new NotMangledException();
        };
    }
}
