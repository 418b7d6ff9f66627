package dev.faultline.cli.cluster;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.cli.Terminal;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Says that nobody wants to hear of a cluster for a while. */
@Command(
        name = "mute",
        mixinStandardHelpOptions = true,
        description =
                "Mute a cluster until something happens, whichever comes first; until nothing, somebody opens it.")
final class MuteCluster implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final Triage triage = new Triage();

    @Option(
            names = "--until-release",
            paramLabel = "VERSION",
            description = "Until it crashes in this release, or in one that contains it.")
    private @Nullable String release;

    @Option(names = "--until-devices", paramLabel = "N", description = "Until so many devices are affected.")
    private @Nullable Integer devices;

    @Option(names = "--until", paramLabel = "TIME", description = "Until then, such as 2026-03-01T00:00:00Z.")
    private @Nullable String time;

    @Option(
            names = "--until-crashes",
            paramLabel = "N",
            description = "Until so many crashes come on one day (UTC) after today.")
    private @Nullable Integer crashes;

    MuteCluster(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        ObjectNode until = JsonNodeFactory.instance.objectNode();
        if (release != null) {
            until.put("release", release);
        }
        if (devices != null) {
            until.put("devices", devices);
        }
        if (time != null) {
            until.put("time", time);
        }
        if (crashes != null) {
            until.put("crashesPerDay", crashes);
        }
        ObjectNode change = JsonNodeFactory.instance.objectNode().put("state", "muted");
        change.set("until", until);
        return triage.change(terminal, change, "is muted");
    }
}
