package dev.faultline.cli.server;

import dev.faultline.cli.CommandFailure;
import dev.faultline.cli.Terminal;
import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which service, as whom, in which project: the options of every command that asks one. */
public final class ServerOptions {
    @Option(
            names = "--server",
            paramLabel = "URL",
            defaultValue = "${env:FAULTLINE_SERVER:-http://127.0.0.1:8080}",
            description = "The service (FAULTLINE_SERVER, else http://127.0.0.1:8080).")
    private String url = "";

    // on a command line every user of the machine can read it, hence the environment
    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            description = "API token; better in the environment as FAULTLINE_TOKEN.")
    private @Nullable String token;

    @Option(
            names = "--project",
            paramLabel = "NAME",
            defaultValue = "${env:FAULTLINE_PROJECT:-default}",
            description = "The project (FAULTLINE_PROJECT, else default).")
    private String project = "";

    /** The service, not yet spoken to. */
    public Server server(Terminal terminal) {
        String secret = token == null ? System.getenv("FAULTLINE_TOKEN") : token;
        return new Server(address(), project, secret == null || secret.isBlank() ? null : secret.strip(), terminal);
    }

    private URI address() {
        try {
            var uri = new URI(url.strip());
            boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (web && uri.getHost() != null) {
                return uri;
            }
        } catch (URISyntaxException notAnAddress) {
            throw wrong();
        }
        throw wrong();
    }

    private CommandFailure wrong() {
        return CommandFailure.usage("--server wants an address such as https://faultline.example.com, not " + url);
    }
}
