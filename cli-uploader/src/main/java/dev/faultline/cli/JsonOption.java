package dev.faultline.cli;

import picocli.CommandLine.Option;

/** For commands a machine may look at. */
public final class JsonOption {
    @Option(names = "--json", description = "Print JSON, one object a line.")
    private boolean wanted;

    public boolean wanted() {
        return wanted;
    }
}
