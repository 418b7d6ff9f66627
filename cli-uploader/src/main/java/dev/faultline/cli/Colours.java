package dev.faultline.cli;

import dev.faultline.symbols.report.TextReport;

/** The colours of reports, from the eight every terminal has, so that they follow the user's own scheme. */
public final class Colours implements TextReport.Style {
    private static final String RESET = "\033[0m";

    @Override
    public String apply(TextReport.Part part, String text) {
        return switch (part) {
            case HEADING -> "\033[1m" + text + RESET;
            case FAULT -> "\033[1;31m" + text + RESET;
            case FUNCTION -> "\033[1;36m" + text + RESET;
            case PLACE -> "\033[32m" + text + RESET;
            case FAINT -> "\033[2m" + text + RESET;
            case WARNING -> "\033[33m" + text + RESET;
            case COMMAND -> "\033[1;35m" + text + RESET;
        };
    }

    /** Colours where the terminal shows them. */
    public static TextReport.Style on(Terminal terminal) {
        return terminal.colours() ? new Colours() : TextReport.Style.PLAIN;
    }
}
