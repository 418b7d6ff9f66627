package dev.faultline.symbols.demangle;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads names and types of the Itanium C++ ABI, chapter 5.1; expressions are {@link ItaniumExpressions}. */
final class ItaniumParser {
    private static final Name.Word ANONYMOUS_NAMESPACE = new Name.Word("(anonymous namespace)");
    private static final Name.Word STRING_LITERAL = new Name.Word("string literal");
    private static final Name.Word COMPLEX = new Name.Word("_Complex");
    private static final Name.Word IMAGINARY = new Name.Word("_Imaginary");
    private static final String ANONYMOUS = "_GLOBAL_";

    /** Clang: a condition of an overload. */
    private static final String ENABLE_IF = "Ua9enable_if";

    private final Cursor in;
    private final Work work;
    private final ItaniumExpressions expressions;

    private Node[] substitutions = new Node[16];
    private int substitutionCount;

    /** Parts of lists that are not complete yet. */
    private Node[] pending = new Node[16];

    private int pendingCount;

    /** The qualifiers of {@code *this} that the nested name read last had in front. */
    private int qualifiers;

    private String reference = "";
    private boolean explicitObject;

    /** Whether a template argument list behind a type belongs to the conversion operator around it. */
    private boolean inConversion;

    /**
     * Reads from a cursor.
     *
     * @param scopesRemembered whether the scopes of a dependent name, {@code srNT_1A1BE1x}, can be substituted later: for
     *     GCC they can, for Clang and the ABI they can not, and nothing in the name says whose it is
     */
    ItaniumParser(Cursor in, Work work, boolean scopesRemembered) {
        this.in = in;
        this.work = work;
        this.expressions = new ItaniumExpressions(in, this, work, scopesRemembered);
    }

    /** Whether the name would read otherwise without {@code scopesRemembered}. */
    boolean wasAmbiguous() {
        return expressions.wasAmbiguous();
    }

    int position() {
        return in.position();
    }

    /** {@code <encoding>}. */
    Node encoding() {
        work.enter();
        Node encoding = in.peek() == 'T' || in.peek() == 'G' ? specialName() : functionOrData();
        work.leave();
        return encoding;
    }

    private Node functionOrData() {
        boolean outerConversion = inConversion;
        inConversion = false;
        Node name = name();
        int thisQualifiers = qualifiers;
        String thisReference = reference;
        boolean thisParameter = explicitObject;
        if (endsEncoding()) {
            inConversion = outerConversion;
            return name;
        }
        List<Node> enableIf = in.take(ENABLE_IF) ? templateArguments() : List.of();
        Node returnType = name.templateArguments() != null && !hasNoReturnType(name) ? type() : null;
        List<Node> parameters = parameters();
        Node constraint = in.take('Q') ? expressions.expression() : null;
        inConversion = outerConversion;
        return new Name.Encoding(
                name, returnType, parameters, thisParameter, thisQualifiers, thisReference, enableIf, constraint);
    }

    /** A letter that begins no type: the end, the end of an enclosing name, a suffix. */
    private boolean endsEncoding() {
        char c = in.peek();
        return c == Cursor.END || c == 'E' || c == '.' || c == '@' || c == '_';
    }

    private List<Node> parameters() {
        int start = pendingCount;
        if (in.peek() == 'v') {
            in.skip(1);
            if (!endsEncoding() && in.peek() != 'Q') {
                throw new NotMangledException();
            }
            return List.of();
        }
        do {
            push(type());
        } while (!endsEncoding() && in.peek() != 'Q');
        return since(start);
    }

    private static boolean hasNoReturnType(Node name) {
        Node last = name;
        while (true) {
            switch (last) {
                case Name.Template template -> last = template.name();
                case Name.Nested nested -> last = nested.member();
                case Name.Local local -> last = local.entity();
                case Name.DefaultArgument argument -> last = argument.entity();
                case Name.Tagged tagged -> last = tagged.name();
                case Name.InModule inModule -> last = inModule.name();
                default -> {
                    return last instanceof Name.ConstructorOrDestructor || last instanceof Name.Conversion;
                }
            }
        }
    }

    /** {@code <special-name>}. */
    private Node specialName() {
        char kind = in.peek(1);
        if (in.next() == 'T') {
            in.skip(1);
            return switch (kind) {
                case 'V' -> new Name.Special("vtable for ", type());
                case 'T' -> new Name.Special("VTT for ", type());
                case 'I' -> new Name.Special("typeinfo for ", type());
                case 'S' -> new Name.Special("typeinfo name for ", type());
                case 'F' -> new Name.Special("typeinfo fn for ", type());
                case 'A' -> new Name.Special("template parameter object for ", templateArgument());
                case 'W' -> new Name.Special("TLS wrapper function for ", name());
                case 'H' -> new Name.Special("TLS init function for ", name());
                case 'C' -> {
                    Node derived = type();
                    in.number();
                    in.expect('_');
                    yield new Name.ConstructionVtable(derived, type());
                }
                case 'c' -> {
                    callOffset(in.next());
                    callOffset(in.next());
                    yield new Name.Special("covariant return thunk to ", encoding());
                }
                case 'h', 'v' -> {
                    callOffset(kind);
                    yield new Name.Special(kind == 'h' ? "non-virtual thunk to " : "virtual thunk to ", encoding());
                }
                default -> throw new NotMangledException();
            };
        }
        in.skip(1);
        return switch (kind) {
            case 'V' -> new Name.Special("guard variable for ", name());
            case 'R' -> {
                Node name = name();
                while (isSequence(in.peek())) {
                    in.skip(1);
                }
                if (!in.atEnd() && in.peek() != '.' && in.peek() != 'E') {
                    in.expect('_');
                }
                yield new Name.Special("reference temporary for ", name);
            }
            case 'A' -> new Name.Special("hidden alias for ", encoding());
            case 'I' -> {
                Node module = moduleName(null);
                if (module == null) {
                    throw new NotMangledException();
                }
                yield new Name.Special("initializer for module ", module);
            }
            case 'T' -> {
                char transaction = in.next();
                if (transaction != 't' && transaction != 'n') {
                    throw new NotMangledException();
                }
                yield new Name.Special(
                        transaction == 't' ? "transaction clone for " : "non-transaction clone for ", encoding());
            }
            default -> throw new NotMangledException();
        };
    }

    /** {@code <call-offset>}, its letter being read. */
    private void callOffset(char kind) {
        in.take('n');
        in.number();
        in.expect('_');
        if (kind == 'v') {
            in.take('n');
            in.number();
            in.expect('_');
        } else if (kind != 'h') {
            throw new NotMangledException();
        }
    }

    /** {@code <name>}. */
    Node name() {
        work.enter();
        Node name = switch (in.peek()) {
            case 'N' -> nestedName();
            case 'Z' -> localName();
            default -> unscopedName();
        };
        work.leave();
        return name;
    }

    private Node unscopedName() {
        Node name;
        if (in.peek() == 'S' && in.peek(1) != 't') {
            Node substitution = substitution();
            if (substitution instanceof Name.Module) {
                name = unqualifiedName(null, substitution);
            } else if (in.peek() == 'I') {
                name = new Name.Template(substitution, templateArguments());
                unqualified();
                return name;
            } else {
                throw new NotMangledException();
            }
        } else if (in.take('S', 't')) {
            name = new Name.Nested(ItaniumTypes.STD, unqualifiedName(null, null));
        } else {
            name = unqualifiedName(null, null);
        }
        if (in.peek() == 'I') {
            remember(name);
            name = new Name.Template(name, templateArguments());
        }
        unqualified();
        return name;
    }

    private void unqualified() {
        qualifiers = 0;
        reference = "";
        explicitObject = false;
    }

    /** {@code <nested-name>}. */
    private Node nestedName() {
        in.expect('N');
        boolean object = in.take('H');
        int names = qualifiers();
        String ref = in.take('R') ? " &" : in.take('O') ? " &&" : "";
        Node name = prefix();
        qualifiers = names;
        reference = ref;
        explicitObject = object;
        return name;
    }

    /** {@code <prefix> <unqualified-name> E}. */
    private Node prefix() {
        Node name = null;
        Node module = null;
        while (!in.take('E')) {
            char c = in.peek();
            boolean known = false;
            if (c == 'S' && in.peek(1) != 't') {
                if (name != null && !isModuleSubstitution()) {
                    throw new NotMangledException();
                }
                Node substitution = substitution();
                if (substitution instanceof Name.Module) {
                    module = substitution;
                    continue;
                }
                if (in.peek() == 'E') {
                    throw new NotMangledException();
                }
                name = substitution;
                known = true;
            } else if (c == 'S') {
                if (name != null) {
                    throw new NotMangledException();
                }
                in.skip(2);
                name = ItaniumTypes.STD;
                known = true;
            } else if (c == 'T') {
                if (name != null) {
                    throw new NotMangledException();
                }
                name = templateParameter();
            } else if (c == 'D' && (in.peek(1) == 't' || in.peek(1) == 'T')) {
                if (name != null) {
                    throw new NotMangledException();
                }
                name = decltype();
            } else if (c == 'I') {
                if (name == null || name instanceof Name.Template) {
                    throw new NotMangledException();
                }
                name = new Name.Template(name, templateArguments());
            } else if (c == 'M') {
                // what a lambda initializes; the name itself is a prefix already
                if (name == null) {
                    throw new NotMangledException();
                }
                in.skip(1);
                continue;
            } else {
                Node member = unqualifiedName(name, module);
                module = null;
                name = name == null ? member : new Name.Nested(name, member);
            }
            if (!known && in.peek() != 'E') {
                remember(name);
            }
        }
        if (name == null || module != null) {
            throw new NotMangledException();
        }
        return name;
    }

    private boolean isModuleSubstitution() {
        int place = in.position();
        Node substitution = substitution();
        in.moveTo(place);
        return substitution instanceof Name.Module;
    }

    /** {@code <local-name>}. */
    private Node localName() {
        in.expect('Z');
        Node function = encoding();
        in.expect('E');
        if (in.take('s')) {
            discriminator();
            unqualified();
            return new Name.Local(function, STRING_LITERAL);
        }
        if (in.take('d')) {
            int number = in.peek() == '_' ? 0 : in.number() + 1;
            in.expect('_');
            return new Name.Local(function, new Name.DefaultArgument(number + 1, name()));
        }
        Node entity = name();
        discriminator();
        return new Name.Local(function, entity);
    }

    /** {@code <discriminator>}; nothing of it prints. */
    private void discriminator() {
        if (in.peek() != '_') {
            return;
        }
        if (in.peek(1) == '_' && Cursor.isDigit(in.peek(2))) {
            in.skip(2);
            in.number();
            in.expect('_');
        } else if (Cursor.isDigit(in.peek(1))) {
            in.skip(1);
            in.number();
        }
    }

    /** {@code <unqualified-name>} in a scope, which gives a constructor its name. */
    private Node unqualifiedName(@Nullable Node scope, @Nullable Node knownModule) {
        Node module = moduleName(knownModule);
        boolean friend = in.take('F');
        in.take('L'); // internal linkage
        char c = in.peek();
        Node name;
        if (Cursor.isDigit(c)) {
            name = sourceName();
        } else if (c == 'D' && in.peek(1) == 'C') {
            in.skip(2);
            int start = pendingCount;
            do {
                push(sourceName());
            } while (!in.take('E'));
            name = new Name.StructuredBinding(since(start));
        } else if (c == 'C' || c == 'D') {
            name = constructorOrDestructor(scope);
        } else if (c == 'U') {
            name = unnamedTypeName();
        } else {
            name = operatorName();
        }
        if (module != null) {
            name = new Name.InModule(name, module);
        }
        if (friend) {
            name = new Name.MemberLikeFriend(name);
        }
        while (in.take('B')) {
            name = new Name.Tagged(name, identifier());
        }
        return name;
    }

    /** {@code <module-name>}, in front of a name that is attached to it. */
    private @Nullable Node moduleName(@Nullable Node knownModule) {
        Node module = knownModule;
        while (in.take('W')) {
            boolean partition = in.take('P');
            module = new Name.Module(module, partition, identifier());
            remember(module);
        }
        return module;
    }

    Node sourceName() {
        Name.Identifier identifier = identifier();
        boolean anonymous = identifier.end() - identifier.start() >= 10
                && in.name.startsWith(ANONYMOUS, identifier.start())
                && in.name.charAt(identifier.start() + 9) == 'N'
                && "._$".indexOf(in.name.charAt(identifier.start() + 8)) >= 0;
        return anonymous ? ANONYMOUS_NAMESPACE : identifier;
    }

    Name.Identifier identifier() {
        int length = in.number();
        if (length == 0 || length > in.remaining()) {
            throw new NotMangledException();
        }
        int start = in.position();
        in.skip(length);
        return new Name.Identifier(in.name, start, start + length);
    }

    private Node constructorOrDestructor(@Nullable Node scope) {
        if (scope == null) {
            throw new NotMangledException();
        }
        boolean destructor = in.next() == 'D';
        boolean inheriting = !destructor && in.take('I');
        char variant = in.next();
        boolean valid =
                destructor ? variant >= '0' && variant <= '5' && variant != '3' : variant >= '1' && variant <= '5';
        if (!valid) {
            throw new NotMangledException();
        }
        Node baseClass = inheriting ? type() : null;
        return new Name.ConstructorOrDestructor(
                destructor, className(baseClass == null ? scope : baseClass), baseClass);
    }

    private static Node className(Node scope) {
        Node last = scope;
        while (true) {
            switch (last) {
                case Name.Template template -> last = template.name();
                case Name.Nested nested -> last = nested.member();
                case Name.Local local -> last = local.entity();
                case Name.Tagged tagged -> last = tagged.name();
                case Name.InModule inModule -> last = inModule.name();
                case Name.StandardClass standard -> {
                    return new Name.Word(standard.className());
                }
                default -> {
                    return last;
                }
            }
        }
    }

    /** {@code <unnamed-type-name>}. */
    private Node unnamedTypeName() {
        in.expect('U');
        char kind = in.next();
        if (kind == 't') {
            return new Name.UnnamedType(ordinal());
        }
        if (kind != 'l') {
            throw new NotMangledException();
        }
        int start = pendingCount;
        while (isTemplateParameterDeclaration()) {
            push(templateParameterDeclaration(pendingCount - start));
        }
        List<Node> head = since(start);
        if (in.take('Q')) {
            expressions.expression();
        }
        List<Node> parameters;
        if (in.take('v', 'E')) {
            parameters = List.of();
        } else {
            start = pendingCount;
            do {
                push(type());
            } while (in.peek() != 'E' && in.peek() != 'Q');
            parameters = since(start);
            if (in.take('Q')) {
                expressions.expression();
            }
            in.expect('E');
        }
        return new Name.Closure(head, parameters, ordinal());
    }

    /** A number that is left out for the first and counts from 0 for the second. */
    private int ordinal() {
        int number = in.peek() == '_' ? 1 : in.number() + 2;
        in.expect('_');
        return number;
    }

    boolean isTemplateParameterDeclaration() {
        return in.peek() == 'T' && "yntpk".indexOf(in.peek(1)) >= 0 && in.peek(1) != Cursor.END;
    }

    /** {@code <template-param-decl>}. */
    Node templateParameterDeclaration(int index) {
        work.enter();
        in.expect('T');
        boolean pack = false;
        char kind = in.next();
        if (kind == 'p') {
            pack = true;
            in.expect('T');
            kind = in.next();
        }
        Node declaration = switch (kind) {
            case 'y' -> new Type.ParameterDeclaration("$T", null, List.of(), index, pack);
            case 'k' -> new Type.ParameterDeclaration("$T", conceptName(), List.of(), index, pack);
            case 'n' -> new Type.ParameterDeclaration("$N", type(), List.of(), index, pack);
            case 't' -> {
                int start = pendingCount;
                while (!in.take('E')) {
                    push(templateParameterDeclaration(pendingCount - start));
                }
                yield new Type.ParameterDeclaration("$TT", null, since(start), index, pack);
            }
            default -> throw new NotMangledException();
        };
        work.leave();
        return declaration;
    }

    private Node conceptName() {
        Node name = name();
        return name;
    }

    /** {@code <operator-name>} as the name of a function. */
    Node operatorName() {
        char first = in.next();
        char second = in.next();
        if (first == 'c' && second == 'v') {
            boolean outer = inConversion;
            inConversion = true;
            Node type = type();
            inConversion = outer;
            return new Name.Conversion(type);
        }
        if (first == 'l' && second == 'i') {
            return new Name.LiteralOperator(identifier());
        }
        if (first == 'v' && Cursor.isDigit(second)) {
            return new Name.VendorOperator(identifier());
        }
        Operator operator = Operator.of(first, second);
        if (operator == null) {
            throw new NotMangledException();
        }
        return new Name.Word(operator.functionName);
    }

    /** {@code <template-args>}. The constraint of the template's head does not print, as its parameters do not. */
    List<Node> templateArguments() {
        boolean outerConversion = inConversion;
        inConversion = false;
        in.expect('I');
        int start = pendingCount;
        while (!in.take('E')) {
            if (in.take('Q')) {
                expressions.expression();
                in.expect('E');
                break;
            }
            push(templateArgument());
        }
        inConversion = outerConversion;
        return since(start);
    }

    /** {@code <template-arg>}. */
    Node templateArgument() {
        work.enter();
        Node argument;
        switch (in.peek()) {
            case 'X' -> {
                in.skip(1);
                argument = expressions.expression();
                in.expect('E');
            }
            case 'L' -> argument = expressions.primary();
            case 'J', 'I' -> {
                in.skip(1);
                int start = pendingCount;
                while (!in.take('E')) {
                    push(templateArgument());
                }
                argument = new Type.Pack(since(start));
            }
            default -> {
                if (isTemplateParameterDeclaration()) {
                    templateParameterDeclaration(0);
                    argument = new Type.DeclaredArgument(templateArgument());
                } else {
                    argument = type();
                }
            }
        }
        work.leave();
        return argument;
    }

    /** {@code <template-param>}; as a type it is remembered, as the name of a value it is not. */
    Node templateParameter() {
        in.expect('T');
        int level = 0;
        if (in.take('L')) {
            level = in.peek() == '_' ? 1 : in.number() + 2;
            in.expect('_');
        }
        int index = in.peek() == '_' ? 0 : in.number() + 1;
        in.expect('_');
        return new Type.TemplateParameter(level, index);
    }

    private Node decltype() {
        in.skip(2);
        Node expression = expressions.expression();
        in.expect('E');
        return new Type.Decltype(expression);
    }

    /** {@code <type>}. */
    Node type() {
        work.enter();
        char c = in.peek();
        Node type = ItaniumTypes.plain(c);
        if (type != null) {
            in.skip(1);
        } else {
            type = compoundType(c);
        }
        work.leave();
        return type;
    }

    private Node compoundType(char c) {
        Node type = switch (c) {
            case 'P' -> {
                in.skip(1);
                yield new Type.Pointer(type());
            }
            case 'R', 'O' -> {
                in.skip(1);
                yield new Type.Reference(type(), c == 'O');
            }
            case 'K', 'V', 'r' -> qualifiedType();
            case 'S' -> {
                char second = in.peek(1);
                if (second == 't') {
                    yield name();
                }
                Node substitution = substitution();
                if (substitution instanceof Name.Module) {
                    Node name = unqualifiedName(null, substitution);
                    yield in.peek() == 'I' ? template(name) : name;
                }
                if (in.peek() != 'I') {
                    // with an ABI tag an abbreviation is something new
                    if (in.peek() == 'B' && ItaniumTypes.standardClass(second) != null) {
                        while (in.take('B')) {
                            substitution = new Name.Tagged(substitution, identifier());
                        }
                        yield substitution;
                    }
                    yield null;
                }
                yield new Name.Template(substitution, templateArguments());
            }
            case 'T' -> templateParameterType();
            case 'F' -> functionType(0, null);
            case 'A' -> arrayType();
            case 'M' -> {
                in.skip(1);
                Node container = type();
                yield new Type.MemberPointer(container, type());
            }
            case 'C' -> {
                in.skip(1);
                yield new Type.Extended(type(), COMPLEX);
            }
            case 'G' -> {
                in.skip(1);
                yield new Type.Extended(type(), IMAGINARY);
            }
            case 'U' -> in.peek(1) == 'l' || in.peek(1) == 't' ? name() : vendorQualifiedType();
            case 'u' -> {
                in.skip(1);
                Node name = sourceName();
                yield in.peek() == 'I' ? new Name.Template(name, templateArguments()) : name;
            }
            case 'D' -> extendedType();
            default -> name();
        };
        if (type == null) {
            return lastSubstitution();
        }
        if (!(type instanceof Type.Builtin)) {
            remember(type);
        }
        return type;
    }

    private Node template(Node name) {
        remember(name);
        return new Name.Template(name, templateArguments());
    }

    private Node qualifiedType() {
        int names = qualifiers();
        if (in.peek() == 'F') {
            return functionType(names, null);
        }
        if (in.peek() == 'D' && "oOwx".indexOf(in.peek(1)) >= 0) {
            return functionTypeWithExceptions(names);
        }
        return new Type.Qualified(type(), names);
    }

    /** {@code <CV-qualifiers>}. */
    private int qualifiers() {
        int names = 0;
        if (in.take('r')) {
            names |= Type.Qualified.RESTRICT;
        }
        if (in.take('V')) {
            names |= Type.Qualified.VOLATILE;
        }
        if (in.take('K')) {
            names |= Type.Qualified.CONST;
        }
        return names;
    }

    private Node vendorQualifiedType() {
        in.skip(1);
        Node qualifier = sourceName();
        if (in.peek() == 'I') {
            qualifier = new Name.Template(qualifier, templateArguments());
        }
        return new Type.Extended(type(), qualifier);
    }

    private Node templateParameterType() {
        char second = in.peek(1);
        if (second == 's' || second == 'u' || second == 'e') {
            in.skip(2);
            return new Type.Elaborated(second == 's' ? "struct " : second == 'u' ? "union " : "enum ", name());
        }
        Node parameter = templateParameter();
        if (in.peek() != 'I') {
            return parameter;
        }
        if (inConversion) {
            // <int> of operator T<int>() belongs to the operator, unless another list follows
            int place = in.position();
            int substitutionsBefore = substitutionCount;
            remember(parameter);
            Node template = new Name.Template(parameter, templateArguments());
            if (in.peek() == 'I') {
                return template;
            }
            in.moveTo(place);
            substitutionCount = substitutionsBefore;
            return parameter;
        }
        return template(parameter);
    }

    /** {@code <function-type>}, its qualifiers and exception specification being read. */
    private Node functionType(int names, @Nullable Node exceptions) {
        in.expect('F');
        in.take('Y'); // extern "C"
        Node returnType = type();
        int start = pendingCount;
        String ref = "";
        if (!in.take('v', 'E')) {
            while (true) {
                if (in.take('E')) {
                    break;
                }
                if (in.take('R', 'E')) {
                    ref = " &";
                    break;
                }
                if (in.take('O', 'E')) {
                    ref = " &&";
                    break;
                }
                if (in.peek() == 'v' && (in.peek(1) == 'R' || in.peek(1) == 'O') && in.peek(2) == 'E') {
                    in.skip(1);
                    continue;
                }
                push(type());
            }
        }
        return new Type.Function(returnType, since(start), names, ref, exceptions);
    }

    private Node functionTypeWithExceptions(int names) {
        Node exceptions = null;
        if (in.take('D', 'o')) {
            exceptions = new Type.Exceptions("noexcept", List.of());
        } else if (in.take('D', 'O')) {
            exceptions = new Type.Exceptions("noexcept", List.of(expressions.expression()));
            in.expect('E');
        } else if (in.take('D', 'w')) {
            int start = pendingCount;
            while (!in.take('E')) {
                push(type());
            }
            exceptions = new Type.Exceptions("throw", since(start));
        }
        if (in.take('D', 'x') && exceptions == null) {
            exceptions = new Type.Exceptions("transaction_safe", List.of());
        }
        return functionType(names, exceptions);
    }

    private Node arrayType() {
        in.expect('A');
        Node bound = null;
        if (in.atDigit()) {
            int start = in.position();
            while (in.atDigit()) {
                in.skip(1);
            }
            bound = new Name.Identifier(in.name, start, in.position());
        } else if (in.peek() != '_') {
            bound = expressions.expression();
        }
        in.expect('_');
        return new Type.Array(type(), bound);
    }

    /** A type that begins with {@code D}. */
    private Node extendedType() {
        char second = in.peek(1);
        Node builtin = ItaniumTypes.extended(second);
        if (builtin != null) {
            in.skip(2);
            return builtin;
        }
        switch (second) {
            case 't', 'T' -> {
                return decltype();
            }
            case 'p' -> {
                in.skip(2);
                return new Type.Expansion(type());
            }
            case 'o', 'O', 'w', 'x' -> {
                return functionTypeWithExceptions(0);
            }
            case 'v' -> {
                in.skip(2);
                return vectorType();
            }
            case 'F' -> {
                in.skip(2);
                return floatType();
            }
            case 'B', 'U' -> {
                in.skip(2);
                Node bits = in.atDigit() ? digits() : expressions.expression();
                in.expect('_');
                return new Type.BitInt(second == 'B', bits);
            }
            case 'k', 'K' -> {
                in.skip(2);
                return new Type.Constrained(conceptName(), second == 'k' ? " auto" : " decltype(auto)");
            }
            case 'S', 'A', 'R' -> {
                in.skip(1);
                return fixedPointType();
            }
            default -> {
                // a structured binding is a name; any other D is not
                return name();
            }
        }
    }

    private Node digits() {
        int start = in.position();
        while (in.atDigit()) {
            in.skip(1);
        }
        return new Name.Identifier(in.name, start, in.position());
    }

    private Node vectorType() {
        Node size;
        if (in.atDigit()) {
            size = digits();
        } else {
            in.take('_');
            size = expressions.expression();
        }
        in.expect('_');
        if (in.take('p')) {
            return new Type.Vector(new Type.Builtin("pixel"), size);
        }
        return new Type.Vector(type(), size);
    }

    /** {@code DF <number> _}, {@code DF <number> x}, {@code DF16b}. */
    private Node floatType() {
        int start = in.position();
        in.number();
        int end = in.position();
        char kind = in.next();
        return switch (kind) {
            case '_' -> new Type.Builtin("_Float" + in.name.substring(start, end));
            case 'x' -> new Type.Builtin("_Float" + in.name.substring(start, end) + "x");
            case 'b' -> new Type.Builtin("std::bfloat16_t");
            default -> throw new NotMangledException();
        };
    }

    /** {@code [DS] DA} and {@code [DS] DR}, with the size. */
    private Node fixedPointType() {
        String saturated = "";
        if (in.take('S')) {
            saturated = "_Sat ";
            in.expect('D');
        }
        char kind = in.next();
        String size = switch (in.next()) {
            case 's' -> "short ";
            case 't' -> "unsigned short ";
            case 'i' -> "";
            case 'j' -> "unsigned ";
            case 'l' -> "long ";
            case 'm' -> "unsigned long ";
            default -> throw new NotMangledException();
        };
        if (kind != 'A' && kind != 'R') {
            throw new NotMangledException();
        }
        return new Type.Builtin(saturated + size + (kind == 'A' ? "_Accum" : "_Fract"));
    }

    private static boolean isSequence(char c) {
        return Cursor.isDigit(c) || (c >= 'A' && c <= 'Z');
    }

    private @Nullable Node lastSubstitution;

    private Node lastSubstitution() {
        if (lastSubstitution == null) {
            throw new NotMangledException();
        }
        return lastSubstitution;
    }

    /** {@code <substitution>} other than {@code St}. */
    private Node substitution() {
        in.expect('S');
        Node known = ItaniumTypes.standardClass(in.peek());
        if (known != null) {
            in.skip(1);
        } else {
            int index = 0;
            if (in.peek() != '_') {
                while (isSequence(in.peek())) {
                    char c = in.next();
                    index = index * 36 + (Cursor.isDigit(c) ? c - '0' : c - 'A' + 10);
                    if (index >= substitutionCount) {
                        throw new NotMangledException();
                    }
                }
                index++;
            }
            in.expect('_');
            if (index >= substitutionCount) {
                throw new NotMangledException();
            }
            known = substitutions[index];
        }
        lastSubstitution = known;
        return known;
    }

    void remember(Node node) {
        if (substitutionCount == substitutions.length) {
            substitutions = Arrays.copyOf(substitutions, 2 * substitutionCount);
        }
        substitutions[substitutionCount++] = node;
    }

    /** Keeps a part of a list until {@link #since} takes it. */
    void push(Node node) {
        if (pendingCount == pending.length) {
            pending = Arrays.copyOf(pending, 2 * pendingCount);
        }
        pending[pendingCount++] = node;
    }

    int pendingCount() {
        return pendingCount;
    }

    /** The parts pushed since there were {@code start}. */
    List<Node> since(int start) {
        List<Node> list = switch (pendingCount - start) {
            case 0 -> List.of();
            case 1 -> List.of(pending[start]);
            case 2 -> List.of(pending[start], pending[start + 1]);
            default -> List.of(Arrays.copyOfRange(pending, start, pendingCount));
        };
        pendingCount = start;
        return list;
    }
}
