package dev.faultline.symbols.demangle;

/**
 * The name does not follow the scheme its prefix promised, or asks for more than it may. Never leaves the package; one
 * instance, without a stack trace, because most names of a C program end here.
 */
final class NotMangledException extends RuntimeException {
    private static final long serialVersionUID = 1;

    static final NotMangledException INSTANCE = new NotMangledException();

    private NotMangledException() {
        super("not a mangled name", null, false, false);
    }
}
