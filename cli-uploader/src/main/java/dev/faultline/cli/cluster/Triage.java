package dev.faultline.cli.cluster;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.cli.ExitCode;
import dev.faultline.cli.Terminal;
import dev.faultline.cli.Text;
import dev.faultline.cli.server.Server;
import dev.faultline.cli.server.ServerOptions;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** What every command has that says something of a cluster: the service and the cluster. */
final class Triage {
    @Mixin
    private final ServerOptions service = new ServerOptions();

    @Parameters(index = "0", paramLabel = "CLUSTER", description = "As clusters list prints it, such as C-7.")
    private String cluster = "";

    /** Changes what is named, and says what it is now. */
    int change(Terminal terminal, ObjectNode change, String now) {
        Server server = service.server(terminal);
        server.patch(server.inProject("clusters/" + Server.encode(cluster)), change);
        terminal.out().println(Text.onOneLine(cluster) + " " + Text.onOneLine(now));
        return ExitCode.OK;
    }

    int comment(Terminal terminal, String text) {
        Server server = service.server(terminal);
        ObjectNode comment = JsonNodeFactory.instance.objectNode().put("text", text);
        server.post(server.inProject("clusters/" + Server.encode(cluster) + "/comments"), comment);
        terminal.out().println(Text.onOneLine(cluster) + " has your comment");
        return ExitCode.OK;
    }
}
