package dev.faultline.cli.cluster;

import dev.faultline.cli.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Says something about a cluster. */
@Command(name = "comment", mixinStandardHelpOptions = true, description = "Comment on a cluster.")
final class CommentCluster implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final Triage triage = new Triage();

    @Parameters(index = "1", paramLabel = "TEXT", description = "What there is to say.")
    private String text = "";

    CommentCluster(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        return triage.comment(terminal, text);
    }
}
