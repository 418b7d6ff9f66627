package dev.faultline.symbols.report;

/** A report as text for a terminal or a bug tracker: aligned, lines ended by {@code \n}, no trailing blanks. */
@SuppressWarnings("DoNotCallSuggester") // filled by the next commits
public final class TextReport {

    /** What a piece of text is, for a terminal that has colours. */
    public enum Part {
        HEADING,
        FAULT,
        FUNCTION,
        PLACE,
        FAINT,
        WARNING,
        COMMAND
    }

    /** Wraps a piece of text in whatever shows it as the part it is; must not change its width on screen. */
    @FunctionalInterface
    public interface Style {
        /** No colours. */
        Style PLAIN = (part, text) -> text;

        String apply(Part part, String text);
    }

    private TextReport() {}

    /** The report without colours. */
    public static String of(CrashReport report) {
        return of(report, Style.PLAIN);
    }

    public static String of(CrashReport report, Style style) {
        throw new UnsupportedOperationException();
    }
}
