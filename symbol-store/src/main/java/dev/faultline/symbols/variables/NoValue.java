package dev.faultline.symbols.variables;

/** Ends an evaluation whose value is not there; says which kind of nothing it is. */
final class NoValue extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Value why;

    NoValue(Value why) {
        super(ValueText.of(why), null, false, false);
        this.why = why;
    }

    static NoValue unreadable(String reason) {
        return new NoValue(new Value.Unreadable(reason));
    }

    Value why() {
        return why;
    }
}
