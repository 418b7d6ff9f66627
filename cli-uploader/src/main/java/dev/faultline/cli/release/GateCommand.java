package dev.faultline.cli.release;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.cli.Colours;
import dev.faultline.cli.CommandFailure;
import dev.faultline.cli.ExitCode;
import dev.faultline.cli.JsonOption;
import dev.faultline.cli.Terminal;
import dev.faultline.cli.Text;
import dev.faultline.cli.server.Fields;
import dev.faultline.cli.server.Server;
import dev.faultline.cli.server.ServerOptions;
import dev.faultline.symbols.report.TextReport.Part;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Whether a release is safe, for the end of a pipeline. */
@Command(
        name = "gate",
        mixinStandardHelpOptions = true,
        description = "Ask whether a release is safe.",
        footer = {"", "Ends with 0 GO, 10 NO_GO, 11 PAUSE, 12 INSUFFICIENT, 13 GO but crashes of it wait for symbols."})
public final class GateCommand implements Callable<Integer> {
    private static final Duration BETWEEN_QUESTIONS = Duration.ofMinutes(1);

    private final Terminal terminal;

    @Mixin
    private final ServerOptions options = new ServerOptions();

    @Mixin
    private final JsonOption json = new JsonOption();

    @Option(names = "--software", required = true, paramLabel = "TYPE", description = "Software type, such as main-fw.")
    private String software = "";

    @Option(names = "--candidate", required = true, paramLabel = "VERSION", description = "The release in question.")
    private String candidate = "";

    @Option(
            names = "--baseline",
            paramLabel = "VERSION",
            description = "What it is compared with; what the gate's policy says if left out.")
    private @Nullable String baseline;

    @Option(names = "--gate", paramLabel = "NAME", description = "Which gate (default: ${DEFAULT-VALUE}).")
    private String gate = "default";

    @Option(
            names = "--wait",
            paramLabel = "TIME",
            description = "Ask again for so long, such as 6h or 30m, while too little is known.")
    private @Nullable String wait;

    @Option(names = "--advisory", description = "End with 0 whatever the verdict is.")
    private boolean advisory;

    @Option(names = "--junit", paramLabel = "FILE", description = "Write a JUnit report: a case for each rule.")
    private @Nullable Path junit;

    @Option(names = "--markdown", paramLabel = "FILE", description = "Write a summary for the pull request.")
    private @Nullable Path markdown;

    public GateCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Server server = options.server(terminal);
        Instant end = Instant.now().plus(wait == null ? Duration.ZERO : duration(wait));
        JsonNode run = asked(server);
        while (Fields.text(run, "verdict").equals("INSUFFICIENT")
                && Instant.now().plus(BETWEEN_QUESTIONS).isBefore(end)) {
            Thread.sleep(BETWEEN_QUESTIONS);
            run = asked(server);
        }
        if (json.wanted()) {
            terminal.out().println(run);
        } else {
            print(run);
        }
        if (junit != null) {
            Files.writeString(junit, server.text(path(server, "runs/" + Fields.text(run, "id") + "/junit")));
        }
        if (markdown != null) {
            Files.writeString(markdown, summary(run));
        }
        return advisory ? ExitCode.OK : exitCode(run);
    }

    private JsonNode asked(Server server) {
        ObjectNode question =
                JsonNodeFactory.instance.objectNode().put("software", software).put("candidate", candidate);
        if (baseline != null) {
            question.put("baseline", baseline);
        }
        return server.post(path(server, "evaluate"), question);
    }

    private String path(Server server, String what) {
        return server.inProject("gates/" + Server.encode(gate) + "/" + what);
    }

    private static Duration duration(String text) {
        if (text.matches("[1-9][0-9]{0,3}[hm]")) {
            return Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
        }
        throw CommandFailure.usage("--wait " + Text.onOneLine(text) + ": wanted hours or minutes, such as 6h or 30m");
    }

    private static int exitCode(JsonNode run) {
        int code = run.path("exitCode").asInt(ExitCode.SERVER);
        return code == ExitCode.OK && run.path("needsSymbols").asInt() > 0 ? ExitCode.SYMBOLS_MISSING : code;
    }

    private void print(JsonNode run) {
        PrintWriter out = terminal.out();
        var style = Colours.on(terminal);
        out.println(style.apply(
                Part.HEADING,
                "%s: %s %s against %s"
                        .formatted(
                                Fields.text(run, "verdict"),
                                Fields.text(run, "software"),
                                Fields.text(run, "candidate"),
                                Fields.text(run, "baseline"))));
        for (JsonNode reason : run.path("decision").path("reasons")) {
            out.println("  %-12s %s: %s"
                    .formatted(
                            Fields.text(reason, "verdict"), Fields.text(reason, "rule"), Fields.text(reason, "text")));
        }
        JsonNode needed = run.path("decision").path("needed");
        if (needed.isObject()) {
            out.println(style.apply(Part.WARNING, "Needed: " + Fields.text(needed, "text")));
        }
        if (run.path("needsSymbols").asInt() > 0) {
            out.println(style.apply(
                    Part.WARNING,
                    Fields.text(run, "needsSymbols")
                            + " crashes of it wait for symbols; `faultline symbols missing` names the files"));
        }
        out.println(style.apply(
                Part.FAINT, "Run %s of gate %s".formatted(Fields.text(run, "id"), Fields.text(run, "gate"))));
    }

    /** For the pull request; what devices sent is quoted, so that it makes no markup. */
    private static String summary(JsonNode run) {
        var text = new StringBuilder();
        text.append(
                "### %s: %s %s\n\nAgainst %s, run %s of gate %s.\n\n| rule | verdict | what was found |\n|---|---|---|\n"
                        .formatted(
                                Fields.text(run, "verdict"),
                                quoted(Fields.text(run, "software")),
                                quoted(Fields.text(run, "candidate")),
                                quoted(Fields.text(run, "baseline")),
                                Fields.text(run, "id"),
                                quoted(Fields.text(run, "gate"))));
        for (JsonNode reason : run.path("decision").path("reasons")) {
            text.append("| %s | %s | %s |\n"
                    .formatted(
                            Fields.text(reason, "rule"),
                            Fields.text(reason, "verdict"),
                            quoted(Fields.text(reason, "text"))));
        }
        JsonNode needed = run.path("decision").path("needed");
        if (needed.isObject()) {
            text.append("\nNeeded: ")
                    .append(quoted(Fields.text(needed, "text")))
                    .append('\n');
        }
        return text.toString();
    }

    private static String quoted(String text) {
        return text.replaceAll("([\\\\`*_{}\\[\\]<>|#!&])", "\\\\$1");
    }
}
