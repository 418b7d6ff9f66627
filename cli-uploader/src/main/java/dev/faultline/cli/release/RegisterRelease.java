package dev.faultline.cli.release;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.cli.CommandFailure;
import dev.faultline.cli.ExitCode;
import dev.faultline.cli.HelpOption;
import dev.faultline.cli.JsonOption;
import dev.faultline.cli.Terminal;
import dev.faultline.cli.Text;
import dev.faultline.cli.server.Server;
import dev.faultline.cli.server.ServerOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Says what a release is, for CI. */
@Command(
        name = "register",
        description = "Register a release: what it was made from and what is in it.",
        footer = {
            "",
            "From CI, with full commit ids, since commits are compared whole:",
            "  git rev-list v2.4.0..HEAD | faultline releases register --software main-fw --version 2.5.0 \\",
            "    --branch main --parent 2.4.0 --commit $(git rev-parse HEAD) --contains -",
            "",
            "Again is fine, and adds what was left out. What was registered is not changed: exit code 1."
        })
final class RegisterRelease implements Callable<Integer> {
    /** Most commits that the service takes of one release. */
    private static final int MOST_COMMITS = 10_000;

    /** Longest line of a list of commits that is read; a commit has 64 characters at most. */
    private static final int LINE_LENGTH = 200;

    private final Terminal terminal;
    private final InputStream in;

    @Mixin
    @SuppressWarnings("UnusedVariable") // picocli looks at it
    private final HelpOption help = new HelpOption();

    @Mixin
    private final ServerOptions options = new ServerOptions();

    @Mixin
    private final JsonOption json = new JsonOption();

    @Mixin
    private final ReleaseName release = new ReleaseName();

    @Option(names = "--branch", paramLabel = "NAME", description = "The line it belongs to, such as main.")
    private @Nullable String branch;

    @Option(
            names = "--parent",
            paramLabel = "VERSION",
            description = "The release it was made from; again for each parent of a merge.")
    private List<String> parents = List.of();

    @Option(names = "--commit", paramLabel = "ID", description = "What it was built of: git rev-parse HEAD.")
    private @Nullable String commit;

    @Option(
            names = "--contains",
            paramLabel = "FILE",
            description = "Commits that are in it, one a line; - reads them from standard input.")
    private @Nullable String contains;

    RegisterRelease(Terminal terminal, InputStream in) {
        this.terminal = terminal;
        this.in = in;
    }

    @Override
    public Integer call() throws IOException {
        ObjectNode registration = JsonNodeFactory.instance
                .objectNode()
                .put("software", release.software())
                .put("version", release.version());
        if (branch != null) {
            registration.put("branch", branch);
        }
        if (!parents.isEmpty()) {
            ArrayNode all = registration.putArray("parents");
            parents.forEach(all::add);
        }
        if (commit != null) {
            registration.put("commit", commit);
        }
        if (contains != null) {
            read(contains, registration.putArray("contains"));
        }
        Server server = options.server(terminal);
        JsonNode registered = server.post(server.inProject("releases"), registration);
        terminal.out().println(json.wanted() ? registered.toString() : words(registered));
        return ExitCode.OK;
    }

    private void read(String source, ArrayNode commits) throws IOException {
        if (source.equals("-")) {
            read(in, commits);
            return;
        }
        try (InputStream file = Files.newInputStream(Path.of(source))) {
            read(file, commits);
        }
    }

    private static void read(InputStream from, ArrayNode commits) throws IOException {
        var reader = new BufferedReader(new InputStreamReader(from, StandardCharsets.UTF_8));
        for (String line = line(reader); line != null; line = line(reader)) {
            if (line.isBlank()) {
                continue;
            }
            if (commits.size() == MOST_COMMITS) {
                throw CommandFailure.refused("--contains lists more than " + MOST_COMMITS
                        + " commits: leave out what a parent has, as in git rev-list v2.4.0..HEAD");
            }
            commits.add(line.strip());
        }
    }

    private static @Nullable String line(BufferedReader reader) throws IOException {
        var line = new StringBuilder();
        for (int character = reader.read(); character != '\n'; character = reader.read()) {
            if (character < 0) {
                return line.isEmpty() ? null : line.toString();
            }
            if (line.length() == LINE_LENGTH) {
                throw CommandFailure.refused(
                        "--contains wants one commit a line, not \"" + line.substring(0, 40) + "…\"");
            }
            line.append((char) character);
        }
        return line.toString();
    }

    private static String words(JsonNode registered) {
        List<String> from =
                registered.path("parents").valueStream().map(JsonNode::asText).toList();
        return Text.onOneLine("Release %s of %s is registered, %s"
                .formatted(
                        registered.path("version").asText(),
                        registered.path("software").asText(),
                        from.isEmpty() ? "made from nothing that is known" : "made from " + String.join(", ", from)));
    }
}
