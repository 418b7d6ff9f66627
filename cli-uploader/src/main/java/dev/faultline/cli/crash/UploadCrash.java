package dev.faultline.cli.crash;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.cli.CommandFailure;
import dev.faultline.cli.ExitCode;
import dev.faultline.cli.HelpOption;
import dev.faultline.cli.JsonOption;
import dev.faultline.cli.Terminal;
import dev.faultline.cli.server.Fields;
import dev.faultline.cli.server.Query;
import dev.faultline.cli.server.Server;
import dev.faultline.cli.server.ServerOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Sends coredumps as a device or its gateway would. */
@Command(
        name = "upload",
        description = "Upload coredumps. Safe to repeat: the same bytes of the same device are one crash.",
        footer = {"", "What a coredump says of itself wins over the options."})
final class UploadCrash implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    @SuppressWarnings("UnusedVariable") // picocli looks at it
    private final HelpOption help = new HelpOption();

    @Mixin
    private final ServerOptions options = new ServerOptions();

    @Mixin
    private final JsonOption json = new JsonOption();

    @Option(names = "--device", paramLabel = "ID", description = "The device that crashed.")
    private @Nullable String device;

    @Option(names = "--hardware", paramLabel = "REVISION", description = "Its hardware revision.")
    private @Nullable String hardware;

    @Option(names = "--software", paramLabel = "TYPE", description = "Software type, such as main-fw.")
    private @Nullable String software;

    @Option(names = "--version", paramLabel = "VERSION", description = "Release, such as 1.2.0.")
    private @Nullable String version;

    @Option(
            names = "--captured-at",
            paramLabel = "TIME",
            description = "When it crashed, such as 2026-11-21T08:00:00Z.")
    private @Nullable Instant capturedAt;

    @Option(
            names = "--log",
            paramLabel = "FILE",
            description =
                    "The log that was written beside the one coredump; it is shown merged with what is in memory.")
    private @Nullable Path log;

    @Parameters(arity = "1..*", paramLabel = "FILE")
    private List<Path> files = List.of();

    UploadCrash(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        if (log != null && files.size() > 1) {
            throw CommandFailure.usage("--log belongs to one coredump, and %d are given".formatted(files.size()));
        }
        Server server = options.server(terminal);
        Map<String, String> claims = new Query()
                .with("device", device)
                .with("hardware", hardware)
                .with("software", software)
                .with("version", version)
                .with("capturedAt", capturedAt)
                .parameters();
        for (Path file : files) {
            JsonNode answer = upload(server, claims, file).document();
            if (json.wanted()) {
                if (answer instanceof ObjectNode object) {
                    object.put("file", file.toString());
                }
                terminal.out().println(answer);
            } else {
                terminal.out()
                        .printf(
                                "%s  %s  %s%n",
                                Fields.text(answer, "crashId"), Fields.text(answer, "disposition"), file);
            }
            terminal.out().flush();
        }
        return ExitCode.OK;
    }

    private Server.Uploaded upload(Server server, Map<String, String> claims, Path file) throws IOException {
        String path = server.inProject("crashes");
        return log == null ? server.upload(path, claims, file) : server.uploadWithLog(path, claims, file, log);
    }
}
