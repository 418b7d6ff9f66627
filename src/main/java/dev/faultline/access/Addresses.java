package dev.faultline.access;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;

/** Where a request comes from. Behind a proxy this is the proxy, unless {@code quarkus.http.proxy} is configured. */
final class Addresses {
    private static final int IPV6_NETWORK_BYTES = 8;

    private Addresses() {}

    static String of(HttpServerRequest request) {
        SocketAddress remote = request.remoteAddress();
        return remote == null || remote.hostAddress() == null ? "unknown" : remote.hostAddress();
    }

    /** Whom a limit counts as one: an IPv4 address, or an IPv6 /64, since one host may use all addresses of that. */
    static String network(String address) {
        if (address.indexOf(':') < 0) {
            return address;
        }
        try {
            if (InetAddress.ofLiteral(address) instanceof Inet6Address six) {
                return HexFormat.of().formatHex(Arrays.copyOf(six.getAddress(), IPV6_NETWORK_BYTES)) + "/64";
            }
            return address; // an IPv4 address written as IPv6
        } catch (IllegalArgumentException notALiteral) {
            return address;
        }
    }
}
