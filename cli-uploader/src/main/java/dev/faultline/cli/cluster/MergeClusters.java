package dev.faultline.cli.cluster;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.faultline.cli.Terminal;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Makes one cluster of several. */
@Command(
        name = "merge",
        mixinStandardHelpOptions = true,
        description = "Merge clusters into one, whose id, title and state stay.")
final class MergeClusters implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final Edits edits = new Edits();

    @Parameters(index = "0", paramLabel = "INTO", description = "The cluster that stays, such as C-7.")
    private String into = "";

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "CLUSTER", description = "Those that become a part of it.")
    private List<String> clusters = List.of();

    MergeClusters(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        var wish = JsonNodeFactory.instance.objectNode();
        clusters.forEach(wish.putArray("clusters")::add);
        return edits.change(terminal, into, "merge", wish);
    }
}
