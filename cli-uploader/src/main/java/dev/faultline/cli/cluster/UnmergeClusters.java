package dev.faultline.cli.cluster;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.faultline.cli.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Takes a merge apart, for good. */
@Command(
        name = "unmerge",
        mixinStandardHelpOptions = true,
        description = "Take a merge apart for good: its parts are never joined by themselves again.")
final class UnmergeClusters implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final Edits edits = new Edits();

    @Parameters(paramLabel = "EDIT", description = "The merge's number, as merge and show print it.")
    private long edit;

    UnmergeClusters(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        return edits.back(terminal, edit, "unmerge", JsonNodeFactory.instance.objectNode());
    }
}
