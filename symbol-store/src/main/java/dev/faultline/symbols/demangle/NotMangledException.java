package dev.faultline.symbols.demangle;

/**
 * The name does not follow the scheme its prefix promised, or asks for more than it may. Never leaves the package;
 * without a stack trace, because it is an ordinary end of a name.
 */
final class NotMangledException extends RuntimeException {
    private static final long serialVersionUID = 1;

    NotMangledException() {
        super("not a mangled name", null, false, false);
    }
}
