package dev.faultline.symbols.demangle;

import org.jspecify.annotations.Nullable;

/** The operators of the Itanium C++ ABI, 5.1.3, by their two letters. */
enum Operator {
    aN("&=", 2),
    aS("=", 2),
    aa("&&", 2),
    ad("&", 1),
    an("&", 2),
    aw("co_await", 1),
    cl("()", 2),
    cm(",", 2),
    co("~", 1),
    dV("/=", 2),
    da("delete[]", 1),
    de("*", 1),
    dl("delete", 1),
    dv("/", 2),
    eO("^=", 2),
    eo("^", 2),
    eq("==", 2),
    ge(">=", 2),
    gt(">", 2),
    ix("[]", 2),
    lS("<<=", 2),
    le("<=", 2),
    ls("<<", 2),
    lt("<", 2),
    mI("-=", 2),
    mL("*=", 2),
    mi("-", 2),
    ml("*", 2),
    mm("--", 1),
    na("new[]", 3),
    ne("!=", 2),
    ng("-", 1),
    nt("!", 1),
    nw("new", 3),
    oR("|=", 2),
    oo("||", 2),
    or("|", 2),
    pL("+=", 2),
    pl("+", 2),
    pm("->*", 2),
    pp("++", 1),
    ps("+", 1),
    pt("->", 2),
    qu("?", 3),
    rM("%=", 2),
    rS(">>=", 2),
    rm("%", 2),
    rs(">>", 2),
    ss("<=>", 2);

    private static final @Nullable Operator[] BY_LETTERS = new Operator[26 * 64];

    static {
        for (Operator operator : values()) {
            BY_LETTERS[place(operator.name().charAt(0), operator.name().charAt(1))] = operator;
        }
    }

    final String symbol;
    final int operands;
    final String functionName;

    Operator(String symbol, int operands) {
        this.symbol = symbol;
        this.operands = operands;
        boolean word = symbol.charAt(0) >= 'a' && symbol.charAt(0) <= 'z';
        this.functionName = (word ? "operator " : "operator") + symbol;
    }

    static @Nullable Operator of(char first, char second) {
        return first >= 'a' && first <= 'z' && second >= 'A' && second <= 'z' ? BY_LETTERS[place(first, second)] : null;
    }

    private static int place(char first, char second) {
        return (first - 'a') * 64 + (second - 'A');
    }
}
