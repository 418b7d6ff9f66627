package dev.faultline.cli.release;

import dev.faultline.cli.server.Server;
import picocli.CommandLine.Option;

/** Which release. */
final class ReleaseName {
    @Option(names = "--software", required = true, paramLabel = "TYPE", description = "Software type, such as main-fw.")
    private String software = "";

    @Option(
            names = "--version",
            required = true,
            paramLabel = "VERSION",
            description = "The version, as devices report it.")
    private String version = "";

    String software() {
        return software;
    }

    String version() {
        return version;
    }

    /** Its path in the project. */
    String path() {
        return "releases/" + Server.encode(software) + "/" + Server.encode(version);
    }
}
