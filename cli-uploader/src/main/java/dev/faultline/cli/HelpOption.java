package dev.faultline.cli;

import picocli.CommandLine.Option;

/**
 * {@code --help} of commands whose {@code --version} is that of a release. The standard options bring both and are left out
 * altogether where one of them is taken.
 */
public final class HelpOption {
    @SuppressWarnings("UnusedVariable") // picocli looks at it
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help message and exit.")
    private boolean wanted;
}
