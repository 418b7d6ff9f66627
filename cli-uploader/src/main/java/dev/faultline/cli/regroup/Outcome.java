package dev.faultline.cli.regroup;

import com.fasterxml.jackson.databind.JsonNode;
import dev.faultline.cli.CommandFailure;
import dev.faultline.cli.ExitCode;
import dev.faultline.cli.JsonOption;
import dev.faultline.cli.Table;
import dev.faultline.cli.Terminal;
import dev.faultline.cli.Text;
import dev.faultline.cli.server.Fields;
import dev.faultline.cli.server.LimitOption;
import dev.faultline.cli.server.Listing;
import dev.faultline.cli.server.Server;
import dev.faultline.cli.server.ServerOptions;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Mixin;

/** A job as it goes, and what came of it: a line of JSON for the job and one for each change, or words and a table. */
final class Outcome {
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Set<String> AT_WORK = Set.of("queued", "running");

    @Mixin
    private final ServerOptions service = new ServerOptions();

    @Mixin
    private final LimitOption limit = new LimitOption();

    @Mixin
    private final JsonOption json = new JsonOption();

    Server server(Terminal terminal) {
        return service.server(terminal);
    }

    /**
     * Prints a job; a failed one ends the command.
     *
     * @param wait whether to wait until it ended
     */
    int print(Terminal terminal, Server server, JsonNode asked, boolean wait) {
        JsonNode job = wait ? ended(terminal, server, asked) : asked;
        boolean done = state(job).equals("done");
        Listing changes = done
                ? Listing.of(server, path(server, job) + "/changes", Map.of(), limit.value())
                : new Listing(List.of(), false);
        PrintWriter out = terminal.out();
        if (json.wanted()) {
            out.println(job);
            changes.items().forEach(out::println);
        } else {
            print(terminal, job, changes);
        }
        if (state(job).equals("failed")) {
            throw CommandFailure.server(
                    "regroup %s failed: %s".formatted(Fields.text(job, "id"), Fields.text(job, "error")));
        }
        return ExitCode.OK;
    }

    private static JsonNode ended(Terminal terminal, Server server, JsonNode asked) {
        JsonNode job = asked;
        while (AT_WORK.contains(state(job))) {
            terminal.progress("regroup %s: %s".formatted(Fields.text(job, "id"), step(job)));
            try {
                Thread.sleep(POLL);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw CommandFailure.server("interrupted; the job goes on");
            }
            job = server.get(path(server, job), Map.of());
        }
        terminal.progressDone();
        return job;
    }

    private static void print(Terminal terminal, JsonNode job, Listing changes) {
        PrintWriter out = terminal.out();
        String what = job.path("dryRun").asBoolean() ? "Dry run" : "Regroup";
        String id = Fields.text(job, "id");
        if (AT_WORK.contains(state(job))) {
            out.println(
                    "%s %s: %s. `faultline regroup show %s` tells what came of it.".formatted(what, id, step(job), id));
            return;
        }
        out.println("%s %s: %s%s"
                .formatted(
                        what,
                        id,
                        state(job),
                        job.path("rules").isTextual() ? ", by " + Fields.text(job, "rules") : ""));
        if (job.path("result").isObject()) {
            out.println(counts(job.path("result")));
        }
        if (!changes.items().isEmpty()) {
            out.println();
            var table = new Table("CHANGE", "CRASHES", "CLUSTERS", "BEFORE", "AFTER");
            for (JsonNode change : changes.items()) {
                JsonNode of = change.path("of");
                table.add(
                        Fields.text(change, "kind"),
                        Fields.text(of, "crashes"),
                        texts(of.path("from"), ", "),
                        texts(of.path("before"), "; "),
                        texts(of.path("after"), "; "));
            }
            table.print(out);
            if (changes.more()) {
                terminal.err().println("There are more: faultline regroup show " + id + " --limit 1000000");
            }
        }
    }

    static String state(JsonNode job) {
        return Fields.text(job, "state");
    }

    /** What it does at the moment, and how far that is. */
    private static String step(JsonNode job) {
        if (!job.path("step").isTextual()) {
            return state(job);
        }
        String step = Fields.text(job, "step");
        long all = job.path("all").asLong();
        return all > 1 ? "%s: %d of %d".formatted(step, job.path("done").asLong(), all) : step;
    }

    /** The counts of a job in one line. */
    static String counts(JsonNode result) {
        return "variants %s -> %s, clusters %s -> %s; splits %s, joins %s, new names %s; %s of %s crashes in another variant"
                .formatted(
                        Fields.text(result, "variantsBefore"),
                        Fields.text(result, "variantsAfter"),
                        Fields.text(result, "clustersBefore"),
                        Fields.text(result, "clustersAfter"),
                        Fields.text(result, "splits"),
                        Fields.text(result, "joins"),
                        Fields.text(result, "renamed"),
                        Fields.text(result, "changed"),
                        Fields.text(result, "crashes"));
    }

    private static String texts(JsonNode list, String between) {
        return list.valueStream().map(text -> Text.onOneLine(text.asText())).collect(Collectors.joining(between));
    }

    private static String path(Server server, JsonNode job) {
        return server.inProject("regroups/" + Server.encode(Fields.text(job, "id")));
    }
}
