package dev.faultline.symbols.demangle;

/**
 * What one name may cost. References back into a name make the demangled form exponentially longer than the name, and
 * some of it prints nothing, so that the length alone does not bound the work.
 */
final class Work {
    /** Deepest nesting of a name, its types and its expressions; no level may cost a thread's stack. */
    static final int DEPTH = 256;

    /** Most elements looked at, read or printed; a name of 1,000 characters needs about as many. */
    static final int STEPS = 1 << 18;

    private int depth;
    private int steps;

    void enter() {
        if (++depth > DEPTH || ++steps > STEPS) {
            throw new NotMangledException();
        }
    }

    void leave() {
        depth--;
    }
}
