package dev.faultline.cli.server;

import dev.faultline.cli.CommandFailure;
import dev.faultline.cli.Terminal;
import picocli.CommandLine.Option;

/** How much of a list is wanted. */
public final class LimitOption {
    private static final int MOST = 1_000_000;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "50",
            description = "Most entries to print (${DEFAULT-VALUE}).")
    private int limit;

    /** 1 to a million. */
    public int value() {
        if (limit < 1 || limit > MOST) {
            throw CommandFailure.usage("--limit wants a number from 1 to " + MOST + ", not " + limit);
        }
        return limit;
    }

    /** Says on the terminal that a list goes on. */
    public void sayIfMore(Listing listing, Terminal terminal) {
        if (listing.more()) {
            terminal.err().println("There are more: --limit " + Math.min(MOST, 10L * limit));
        }
    }
}
