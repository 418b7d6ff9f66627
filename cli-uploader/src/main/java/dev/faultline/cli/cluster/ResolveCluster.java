package dev.faultline.cli.cluster;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.faultline.cli.Terminal;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Says that a cluster is fixed. */
@Command(
        name = "resolve",
        mixinStandardHelpOptions = true,
        description = "Resolve a cluster.",
        footer = {
            "",
            "A crash in that release, or in one that contains it by what CI registered, opens the cluster again as",
            "regressed; faultline releases contains tells why."
        })
final class ResolveCluster implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final Triage triage = new Triage();

    @Option(names = "--in", paramLabel = "VERSION", description = "The release that has the fix.")
    private @Nullable String in;

    ResolveCluster(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        var change = JsonNodeFactory.instance.objectNode().put("state", "resolved");
        if (in == null) {
            return triage.change(terminal, change, "is resolved");
        }
        return triage.change(terminal, change.put("resolvedIn", in), "is resolved in " + in);
    }
}
