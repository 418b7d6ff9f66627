package dev.faultline.cli.release;

import dev.faultline.cli.ExitCode;
import dev.faultline.cli.HelpOption;
import dev.faultline.cli.Terminal;
import dev.faultline.cli.Text;
import dev.faultline.cli.server.Server;
import dev.faultline.cli.server.ServerOptions;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Hides a release. */
@Command(
        name = "delete",
        description = "Hide a release from lists until it is registered again; its crashes and its place stay.")
final class DeleteRelease implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    @SuppressWarnings("UnusedVariable") // picocli looks at it
    private final HelpOption help = new HelpOption();

    @Mixin
    private final ServerOptions options = new ServerOptions();

    @Mixin
    private final ReleaseName release = new ReleaseName();

    DeleteRelease(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Server server = options.server(terminal);
        server.delete(server.inProject(release.path()));
        terminal.out()
                .println(Text.onOneLine("Release %s of %s is deleted; its place among the others stays"
                        .formatted(release.version(), release.software())));
        return ExitCode.OK;
    }
}
