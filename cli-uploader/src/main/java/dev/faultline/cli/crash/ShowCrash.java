package dev.faultline.cli.crash;

import com.fasterxml.jackson.databind.JsonNode;
import dev.faultline.cli.Colours;
import dev.faultline.cli.ExitCode;
import dev.faultline.cli.JsonOption;
import dev.faultline.cli.ReportJson;
import dev.faultline.cli.Terminal;
import dev.faultline.cli.Text;
import dev.faultline.cli.server.Fields;
import dev.faultline.cli.server.Server;
import dev.faultline.cli.server.ServerOptions;
import dev.faultline.symbols.report.TextReport;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The report of one crash, as {@code inspect} would print it, and the cluster it is in. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        description = "Show the report of a crash. Ends with 13 if it waits for symbols.")
final class ShowCrash implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final ServerOptions options = new ServerOptions();

    @Mixin
    private final JsonOption json = new JsonOption();

    @Parameters(paramLabel = "ID", description = "As crash upload and crash list print it.")
    private String id = "";

    ShowCrash(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Server server = options.server(terminal);
        JsonNode crash = server.get(server.inProject("crashes/" + Server.encode(id)), Map.of());
        if (json.wanted()) {
            terminal.out().println(crash);
        } else {
            print(crash);
        }
        return crash.path("state").asText().equals("needs-symbols") ? ExitCode.SYMBOLS_MISSING : ExitCode.OK;
    }

    private void print(JsonNode crash) {
        PrintWriter out = terminal.out();
        TextReport.Style style = Colours.on(terminal);
        out.println(style.apply(TextReport.Part.HEADING, "Crash " + Fields.text(crash, "id")) + ", "
                + Fields.text(crash, "state"));
        JsonNode why = crash.path("stateReason");
        if (why.isTextual()) {
            out.println(style.apply(TextReport.Part.WARNING, Text.onOneLine(why.asText())));
        }
        JsonNode cluster = crash.path("cluster");
        if (cluster.isObject()) {
            out.println("Cluster " + Fields.text(cluster, "id") + ": " + Fields.text(cluster, "signature"));
        }
        if (crash.path("threads").isArray()) {
            out.println();
            out.print(TextReport.of(ReportJson.report(crash), style));
        }
    }
}
