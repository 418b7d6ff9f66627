package dev.faultline.access;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * The way in before there is any token or user, and after the last one is lost: at every start with authentication on, a
 * new admin secret in the file {@code admin-token} of the data directory, which only the service's own user may read. Who
 * reads it could read the database's password beside it, so it gives nobody more than they have. It is known to this
 * process only and ends with it.
 */
@ApplicationScoped
class MachineToken {
    static final String FILE = "admin-token";
    private static final Logger LOG = Logger.getLogger(MachineToken.class);

    private final AuthMode mode;
    private final Path file;
    private final Secret secret = Secret.random("flm_");
    private final String sha256 = secret.sha256();

    MachineToken(
            @ConfigProperty(name = "faultline.auth") AuthMode mode,
            @ConfigProperty(name = "faultline.data-dir") Path dataDirectory) {
        this.mode = mode;
        this.file = dataDirectory.resolve(FILE).toAbsolutePath().normalize();
    }

    /** The owner of the machine, if that is the secret. */
    Optional<Caller> holder(Secret given) {
        return mode == AuthMode.ON && Secret.equal(given.sha256(), sha256)
                ? Optional.of(new Caller.MachineOwner())
                : Optional.empty();
    }

    void start(@Observes StartupEvent event) throws IOException {
        if (mode == AuthMode.OFF) {
            Files.deleteIfExists(file);
            return;
        }
        Files.createDirectories(file.getParent());
        // whole or not at all, and never readable by others, not even for a moment
        Path temporary = Files.createTempFile(
                file.getParent(),
                FILE,
                ".new",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(temporary, secret.text() + "\n");
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        LOG.infof("An admin token for this machine, until the service stops: %s", file);
    }

    void stop(@Observes ShutdownEvent event) throws IOException {
        if (mode == AuthMode.ON) {
            Files.deleteIfExists(file);
        }
    }
}
