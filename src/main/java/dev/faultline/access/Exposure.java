package dev.faultline.access;

import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.vertx.core.http.HttpServerOptions;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Without authentication the service listens on loopback or not at all: asked before the first socket is opened. */
@ApplicationScoped
public class Exposure implements HttpServerOptionsCustomizer {
    private final AuthMode mode;

    Exposure(@ConfigProperty(name = "faultline.auth") AuthMode mode) {
        this.mode = mode;
    }

    /** Why the service must not start with that configuration; empty if it may. */
    public static Optional<String> objection(Config config) {
        return objection(
                config.getValue("faultline.auth", AuthMode.class), config.getValue("quarkus.http.host", String.class));
    }

    @Override
    public void customizeHttpServer(HttpServerOptions options) {
        refuse(options.getHost());
    }

    @Override
    public void customizeHttpsServer(HttpServerOptions options) {
        refuse(options.getHost());
    }

    private void refuse(String host) {
        objection(mode, host).ifPresent(reason -> {
            throw new IllegalStateException(reason);
        });
    }

    static Optional<String> objection(AuthMode mode, String host) {
        return switch (mode) {
            case ON -> Optional.empty();
            case OFF ->
                isLoopback(host)
                        ? Optional.empty()
                        : Optional.of("Without authentication everybody who reaches " + host
                                + " could do everything: set faultline.auth=on (FAULTLINE_AUTH=on),"
                                + " or listen on 127.0.0.1.");
        };
    }

    /** Every address behind the name has to be: a name may have several. */
    private static boolean isLoopback(String host) {
        try {
            for (InetAddress address : InetAddress.getAllByName(host)) {
                if (!address.isLoopbackAddress()) {
                    return false;
                }
            }
            return !host.isBlank();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
