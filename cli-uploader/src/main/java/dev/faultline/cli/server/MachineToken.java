package dev.faultline.cli.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The admin token that a service with authentication on leaves in its data directory while it runs. */
final class MachineToken {
    private static final String FILE = "admin-token";
    private static final Set<String> THIS_MACHINE = Set.of("127.0.0.1", "localhost", "[::1]");

    private MachineToken() {}

    static boolean mayGoTo(URI server) {
        return THIS_MACHINE.contains(server.getHost());
    }

    /** Null where there is none: authentication is off, the service is down, or its data are elsewhere. */
    static @Nullable String read() {
        // the launcher says where the checkout's data are
        String directory = System.getProperty("faultline.data-dir", System.getenv("FAULTLINE_DATA_DIR"));
        if (directory == null) {
            return null;
        }
        Path file = Path.of(directory, FILE);
        if (!Files.isReadable(file)) {
            return null;
        }
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
