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
        return server(given(), terminal);
    }

    /**
     * The service as whoever runs it: without a token, the one that the service on this machine leaves for its owner in
     * the data directory. It is sent to this machine only.
     */
    public Server serverAsOwner(Terminal terminal) {
        String token = given();
        return server(token == null && MachineToken.mayGoTo(address()) ? MachineToken.read() : token, terminal);
    }

    private Server server(@Nullable String secret, Terminal terminal) {
        return new Server(address(), project, secret, terminal);
    }

    private @Nullable String given() {
        String secret = token == null ? System.getenv("FAULTLINE_TOKEN") : token;
        return secret == null || secret.isBlank() ? null : secret.strip();
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
