package dev.faultline.cli.symbols;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.cli.CommandFailure;
import dev.faultline.cli.DebugDirectories;
import dev.faultline.cli.ExitCode;
import dev.faultline.cli.HelpOption;
import dev.faultline.cli.JsonOption;
import dev.faultline.cli.Terminal;
import dev.faultline.cli.Text;
import dev.faultline.cli.server.Fields;
import dev.faultline.cli.server.Query;
import dev.faultline.cli.server.Server;
import dev.faultline.cli.server.ServerOptions;
import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.store.FileCompanions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Sends debug files with the files around them that complete them; crashes that waited for them are processed by the
 * service at once.
 */
@Command(
        name = "upload",
        description =
                "Upload debug files: ELF files with symbols, plain, packed or in archives. What completes one and lies"
                        + " beside it or in a folder of debug files goes along: its separate debug file, .dwp and .dwo"
                        + " files, what dwz took out of it. Safe to repeat.")
final class UploadSymbols implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    @SuppressWarnings("UnusedVariable") // picocli looks at it
    private final HelpOption help = new HelpOption();

    @Mixin
    private final ServerOptions options = new ServerOptions();

    @Mixin
    private final JsonOption json = new JsonOption();

    @Mixin
    private final DebugDirectories debugDirectories = new DebugDirectories();

    @Option(names = "--alone", description = "Send the named files only, nothing that lies beside them.")
    private boolean alone;

    @Option(names = "--software", paramLabel = "TYPE", description = "Software type, such as main-fw.")
    private @Nullable String software;

    @Option(names = "--version", paramLabel = "VERSION", description = "Release, such as 1.2.0.")
    private @Nullable String version;

    @Parameters(arity = "1..*", paramLabel = "FILE")
    private List<Path> files = List.of();

    private final Set<Path> sent = new HashSet<>();
    private int exitCode = ExitCode.OK;

    UploadSymbols(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        Server server = options.server(terminal);
        for (Path file : files) {
            // first what completes it: then its index is built once
            for (Path companion : alone ? List.<Path>of() : companions(file)) {
                send(server, companion, true);
            }
            send(server, file, false);
        }
        return exitCode;
    }

    /** Files around an ELF file that complete it; whatever is wrong with the file itself, the service says. */
    private List<Path> companions(Path file) {
        if (!Files.isRegularFile(file)) {
            return List.of();
        }
        try (var found = FileCompanions.open(file, debugDirectories.roots(), Limits.DEFAULT)) {
            var companions = found.all();
            found.diagnostics()
                    .forEach(remark -> terminal.err().println("faultline: not sent: " + Text.onOneLine(remark)));
            return companions;
        } catch (FormatException notOne) {
            return List.of();
        }
    }

    private void send(Server server, Path file, boolean companion) throws IOException {
        if (!sent.add(file.toAbsolutePath().normalize())) {
            return;
        }
        Map<String, String> about = new Query()
                .with("software", software)
                .with("version", version)
                .with("fileName", String.valueOf(file.getFileName()))
                .parameters();
        try {
            print(file, server.upload(server.inProject("symbols"), about, file));
        } catch (CommandFailure refused) {
            if (!companion || refused.exitCode() != ExitCode.REFUSED) {
                throw refused;
            }
            // the file that wants it is worth having without it
            terminal.err().println("faultline: " + refused.getMessage());
            exitCode = ExitCode.REFUSED;
        }
        terminal.out().flush();
    }

    private void print(Path file, Server.Uploaded uploaded) {
        JsonNode answer = uploaded.document();
        if (json.wanted()) {
            if (answer instanceof ObjectNode object) {
                object.put("file", file.toString());
            }
            terminal.out().println(answer);
            return;
        }
        String known = uploaded.known() ? "  (already there)" : "";
        if (answer.path("files").isArray() && answer.path("buildId").isMissingNode()) {
            terminal.out().printf("%s%n", Text.onOneLine(file.toString()));
            answer.path("files").forEach(one -> print("  " + Fields.text(one, "fileName"), one, ""));
            answer.path("skipped")
                    .forEach(one -> terminal.out()
                            .printf("  %s  left out: %s%n", Fields.text(one, "name"), Fields.text(one, "reason")));
        } else {
            print(Text.onOneLine(file.toString()), answer, known);
        }
    }

    private void print(String name, JsonNode answer, String known) {
        if (answer.has("buildId")) {
            terminal.out()
                    .printf(
                            "%s  build id %s  %s%s%n",
                            name, Fields.text(answer, "buildId"), Fields.text(answer, "state"), known);
        } else {
            terminal.out().printf("%s  %s%s%n", name, Fields.text(answer, "role"), known);
        }
        if (answer.has("note")) {
            terminal.out().printf("  %s%n", Fields.text(answer, "note"));
        }
        if (answer.path("released").asInt() > 0) {
            terminal.out()
                    .printf(
                            "  %d waiting crashes are being processed%n",
                            answer.path("released").asInt());
        }
    }
}
