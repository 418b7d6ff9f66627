package dev.faultline.cli.symbols;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.cli.ExitCode;
import dev.faultline.cli.JsonOption;
import dev.faultline.cli.Terminal;
import dev.faultline.cli.server.Fields;
import dev.faultline.cli.server.Query;
import dev.faultline.cli.server.Server;
import dev.faultline.cli.server.ServerOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Sends debug files; crashes that waited for them are processed by the service at once. */
@Command(
        name = "upload",
        mixinStandardHelpOptions = true,
        description = "Upload debug files: ELF files with symbols, plain, packed or in archives. Safe to repeat.")
final class UploadSymbols implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final ServerOptions options = new ServerOptions();

    @Mixin
    private final JsonOption json = new JsonOption();

    @Option(names = "--software", paramLabel = "TYPE", description = "Software type, such as main-fw.")
    private @Nullable String software;

    @Option(names = "--version", paramLabel = "VERSION", description = "Release, such as 1.2.0.")
    private @Nullable String version;

    @Parameters(arity = "1..*", paramLabel = "FILE")
    private List<Path> files = List.of();

    UploadSymbols(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        Server server = options.server(terminal);
        for (Path file : files) {
            Map<String, String> about = new Query()
                    .with("software", software)
                    .with("version", version)
                    .with("fileName", String.valueOf(file.getFileName()))
                    .parameters();
            print(file, server.upload(server.inProject("symbols"), about, file));
            terminal.out().flush();
        }
        return ExitCode.OK;
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
        terminal.out()
                .printf(
                        "%s  build id %s  %s%s%n",
                        file,
                        Fields.text(answer, "buildId"),
                        Fields.text(answer, "state"),
                        uploaded.known() ? "  (already there)" : "");
        if (answer.path("released").asInt() > 0) {
            terminal.out()
                    .printf(
                            "  %d waiting crashes are being processed%n",
                            answer.path("released").asInt());
        }
    }
}
