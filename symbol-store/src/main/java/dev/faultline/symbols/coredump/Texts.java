package dev.faultline.symbols.coredump;

/** Texts out of a dump. */
final class Texts {
    /** What Linux says behind the path of a file that is gone. */
    private static final String DELETED = " (deleted)";

    private Texts() {}

    /** A path without its folders: {@code libc.so.6}. */
    static String fileName(String path) {
        var kept = path.endsWith(DELETED) ? path.substring(0, path.length() - DELETED.length()) : path;
        var last = kept.substring(kept.lastIndexOf('/') + 1);
        return printable(last.isEmpty() ? kept : last);
    }

    /** Terminals and pages show these texts: control characters of a hostile dump do not get that far. */
    static String printable(String text) {
        return text.codePoints()
                .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? '\ufffd' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
