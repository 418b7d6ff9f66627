package dev.faultline.cli.cluster;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.faultline.cli.Terminal;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Takes variants out of a cluster, into another one. */
@Command(name = "move", mixinStandardHelpOptions = true, description = "Move variants from one cluster to another.")
final class MoveVariants implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final Edits edits = new Edits();

    @Parameters(index = "0", paramLabel = "CLUSTER", description = "Where they are, such as C-7.")
    private String cluster = "";

    @Parameters(index = "1", paramLabel = "TO", description = "Where they go, such as C-9.")
    private String to = "";

    @Parameters(
            index = "2..*",
            arity = "1..*",
            paramLabel = "VARIANT",
            description = "Numbers of variants, as clusters show prints them.")
    private List<Long> variants = List.of();

    MoveVariants(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        var wish = JsonNodeFactory.instance.objectNode().put("to", to);
        variants.forEach(wish.putArray("variants")::add);
        return edits.change(terminal, cluster, "move", wish);
    }
}
