package dev.faultline.cli.regroup;

import dev.faultline.cli.Terminal;
import dev.faultline.cli.server.Server;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A job, and what it changes or would change. */
@Command(name = "show", mixinStandardHelpOptions = true, description = "Show a job, and what it changes.")
final class ShowRegroup implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final Outcome outcome = new Outcome();

    @Option(names = "--wait", description = "Wait for the end.")
    private boolean wait;

    @Parameters(paramLabel = "ID", description = "As regroup and regroup list print it.")
    private long id;

    ShowRegroup(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Server server = outcome.server(terminal);
        return outcome.print(terminal, server, server.get(server.inProject("regroups/" + id), Map.of()), wait);
    }
}
