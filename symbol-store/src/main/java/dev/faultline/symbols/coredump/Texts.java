package dev.faultline.symbols.coredump;

/** Texts out of a dump. */
final class Texts {

    private Texts() {}

    /** Terminals and pages show these texts: control characters of a hostile dump do not get that far. */
    static String printable(String text) {
        return text.codePoints()
                .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? '\ufffd' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
