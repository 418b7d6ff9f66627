package dev.faultline.cli.release;

import com.fasterxml.jackson.databind.JsonNode;
import dev.faultline.cli.Colours;
import dev.faultline.cli.ExitCode;
import dev.faultline.cli.JsonOption;
import dev.faultline.cli.Terminal;
import dev.faultline.cli.Text;
import dev.faultline.cli.server.Fields;
import dev.faultline.cli.server.Query;
import dev.faultline.cli.server.Server;
import dev.faultline.cli.server.ServerOptions;
import dev.faultline.symbols.report.TextReport;
import dev.faultline.symbols.report.TextReport.Part;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** New, fixed, worse and better clusters of a release. */
@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        description = "Compare two releases: new, fixed, worse and better clusters.")
public final class CompareCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final ServerOptions options = new ServerOptions();

    @Mixin
    private final JsonOption json = new JsonOption();

    @Option(names = "--software", required = true, paramLabel = "TYPE", description = "Software type, such as main-fw.")
    private String software = "";

    @Option(names = "--baseline", required = true, paramLabel = "VERSION", description = "The release before.")
    private String baseline = "";

    @Option(names = "--candidate", required = true, paramLabel = "VERSION", description = "The release in question.")
    private String candidate = "";

    public CompareCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Server server = options.server(terminal);
        JsonNode comparison = server.get(
                server.inProject("compare"),
                new Query()
                        .with("software", software)
                        .with("baseline", baseline)
                        .with("candidate", candidate)
                        .parameters());
        if (json.wanted()) {
            terminal.out().println(comparison);
        } else {
            print(comparison);
        }
        return ExitCode.OK;
    }

    private void print(JsonNode comparison) {
        PrintWriter out = terminal.out();
        var style = Colours.on(terminal);
        out.println(style.apply(Part.HEADING, "%s %s against %s".formatted(software, candidate, baseline)));
        out.println(side(comparison.path("baseline")));
        out.println(side(comparison.path("candidate")));
        JsonNode rate = comparison.path("crashRate");
        RateRatio.of(rate.path("ratio"))
                .ifPresent(ratio -> out.println("Crash rate: " + ratio.inWords()
                        + (rate.path("stratifiedBy").isTextual() ? ", within hardware revisions" : "")));
        rates(rate);
        sentence(comparison.path("exposure").path("sentence"), Part.FAINT, style);
        sentence(comparison.path("needed").path("text"), Part.FAINT, style);
        comparison.path("metrics").forEach(this::metric);
        comparison.path("warnings").forEach(warning -> sentence(warning, Part.WARNING, style));
        for (Group group : Group.values()) {
            JsonNode clusters = comparison.path("clusters").path(group.member());
            out.println();
            out.println(style.apply(group.part(), "%s: %d".formatted(group.heading(), clusters.size())));
            clusters.forEach(cluster -> {
                out.println("  %-7s %s"
                        .formatted(
                                Fields.text(cluster, "id"),
                                style.apply(Part.FUNCTION, Fields.text(cluster, "signature"))));
                out.println("          " + Fields.text(cluster, "sentence"));
            });
        }
    }

    private void rates(JsonNode rate) {
        if (rate.isObject()) {
            terminal.out()
                    .println("Crashes per %s: %s, was %s"
                            .formatted(
                                    Text.onOneLine(rate.path("unit").asText()),
                                    estimate(rate.path("candidate")),
                                    estimate(rate.path("baseline"))));
        }
    }

    private void metric(JsonNode metric) {
        if (metric.path("flagged").asBoolean()) {
            terminal.out()
                    .println("%s is %s, was %s: flagged"
                            .formatted(
                                    Fields.text(metric, "name"),
                                    estimate(metric.path("candidate")),
                                    estimate(metric.path("baseline"))));
        }
    }

    private static String estimate(JsonNode estimate) {
        return String.format(
                Locale.ROOT,
                "%.4g (95 %% %.4g to %.4g)",
                estimate.path("value").asDouble(),
                estimate.path("low").asDouble(),
                estimate.path("high").asDouble());
    }

    private static String side(JsonNode side) {
        return "  %s: %s crashes, %s counted (one a device, cluster and day), %s devices"
                .formatted(
                        Fields.text(side, "version"),
                        Fields.text(side, "crashes"),
                        Fields.text(side, "counted"),
                        Fields.text(side, "devices"));
    }

    private void sentence(JsonNode text, Part part, TextReport.Style style) {
        if (text.isTextual()) {
            terminal.out().println(style.apply(part, Text.onOneLine(text.asText())));
        }
    }
}
