package dev.faultline.cli.cluster;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.faultline.cli.CommandFailure;
import dev.faultline.cli.Terminal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Says what a cluster is called, who has it and where its ticket is. */
@Command(
        name = "describe",
        mixinStandardHelpOptions = true,
        description = "Set the title, assignee or ticket of a cluster; an empty text takes it away.")
final class DescribeCluster implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final Triage triage = new Triage();

    @Option(names = "--title", paramLabel = "TEXT", description = "A name beside the signature.")
    private @Nullable String title;

    @Option(names = "--assignee", paramLabel = "NAME", description = "Who has it.")
    private @Nullable String assignee;

    @Option(names = "--ticket", paramLabel = "ADDRESS", description = "Its address in the bug tracker.")
    private @Nullable String ticket;

    DescribeCluster(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        var change = JsonNodeFactory.instance.objectNode();
        List<String> what = new ArrayList<>();
        if (title != null) {
            change.put("title", title);
            what.add("title");
        }
        if (assignee != null) {
            change.put("assignee", assignee);
            what.add("assignee");
        }
        if (ticket != null) {
            change.put("ticket", ticket);
            what.add("ticket");
        }
        if (what.isEmpty()) {
            throw CommandFailure.usage("name what to set: --title, --assignee or --ticket");
        }
        return triage.change(terminal, change, "has a new " + String.join(", ", what));
    }
}
