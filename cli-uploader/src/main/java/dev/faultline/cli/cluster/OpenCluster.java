package dev.faultline.cli.cluster;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.faultline.cli.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Says that a cluster is neither fixed nor muted. */
@Command(name = "open", mixinStandardHelpOptions = true, description = "Open a cluster that was resolved or muted.")
final class OpenCluster implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final Triage triage = new Triage();

    OpenCluster(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        var change = JsonNodeFactory.instance.objectNode().put("state", "open");
        return triage.change(terminal, change, "is open");
    }
}
