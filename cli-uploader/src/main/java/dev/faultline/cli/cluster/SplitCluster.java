package dev.faultline.cli.cluster;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.faultline.cli.Terminal;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Takes variants out of a cluster, into a new one. */
@Command(name = "split", mixinStandardHelpOptions = true, description = "Split variants off a cluster, into a new one.")
final class SplitCluster implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final Edits edits = new Edits();

    @Parameters(index = "0", paramLabel = "CLUSTER", description = "Where they are, such as C-7.")
    private String cluster = "";

    @Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "VARIANT",
            description = "Numbers of variants, as clusters show prints them.")
    private List<Long> variants = List.of();

    SplitCluster(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        var wish = JsonNodeFactory.instance.objectNode();
        variants.forEach(wish.putArray("variants")::add);
        return edits.change(terminal, cluster, "split", wish);
    }
}
