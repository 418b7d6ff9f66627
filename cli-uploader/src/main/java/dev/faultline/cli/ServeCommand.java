package dev.faultline.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Documents {@code serve}. The launcher script runs it itself, so that its process becomes the service; only a jar that
 * was started without the launcher comes here.
 */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description =
                "Start the service on this machine, with its own PostgreSQL unless QUARKUS_DATASOURCE_JDBC_URL names one.",
        footer = {
            "",
            "Ends with Ctrl-C or a TERM signal; the database is stopped with it.",
            "Environment: FAULTLINE_DATA_DIR; FAULTLINE_JAVA_OPTS (more options for the JVM);",
            "every setting of docs/operations.md, such as FAULTLINE_AUTH=on."
        })
@SuppressWarnings("UnusedVariable") // the options are here for their help; the launcher reads them
final class ServeCommand implements Callable<Integer> {
    @Option(names = "--demo", description = "Load the demo fleet once the service is up; nothing is loaded twice.")
    private boolean demo;

    @Option(names = "--port", paramLabel = "N", defaultValue = "8080", description = "Port (${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "Address to listen on (${DEFAULT-VALUE}); any but loopback needs authentication on.")
    private String host = "";

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "Where crashes, symbols and the database are kept (data/ in the checkout).")
    private String dataDirectory = "";

    @Override
    public Integer call() {
        throw CommandFailure.usage("serve is a command of the launcher ./faultline in the checkout;"
                + " a packaged service starts with: java -jar quarkus-app/quarkus-run.jar");
    }
}
