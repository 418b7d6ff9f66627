package dev.faultline.outbox;

import dev.faultline.http.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Locale;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * Where webhooks may be posted to: not into the network that the service stands in, unless
 * {@code faultline.webhooks.private-addresses} says so. Each post looks again, and goes to the address that was looked at.
 */
@ApplicationScoped
class Addresses {
    /** Longest address, in characters. */
    static final int LONGEST = 2000;

    private static final int HIGHEST_PORT = 65_535;

    private final boolean privateOnes;

    Addresses(@ConfigProperty(name = "faultline.webhooks.private-addresses") boolean privateOnes) {
        this.privateOnes = privateOnes;
    }

    /**
     * An address with the machine that it means.
     *
     * @param path with the query
     */
    record Target(boolean tls, String host, int port, String path, InetAddress address) {}

    /** It can not be posted to; the message says why. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1;

        Refused(String message) {
            super(message);
        }
    }

    /** A well-formed address; a 400 problem for any other, and for one that is known to be refused. */
    String checked(@Nullable String url) {
        if (url == null || url.isBlank() || url.length() > LONGEST) {
            throw Problem.badRequest("bad-url", "url is missing, or has more than %d characters", LONGEST);
        }
        try {
            URI parsed = parsed(url.strip());
            if (!isUnknown(parsed.getHost())) {
                target(url.strip());
            }
        } catch (Refused e) {
            throw Problem.badRequest("bad-url", "url: %s", e.getMessage());
        }
        return url.strip();
    }

    /** A name may come to be known later. */
    private static boolean isUnknown(String host) {
        try {
            return InetAddress.getAllByName(bare(host)).length == 0;
        } catch (UnknownHostException e) {
            return true;
        }
    }

    Target target(String url) throws Refused {
        URI parsed = parsed(url);
        boolean tls = "https".equals(parsed.getScheme().toLowerCase(Locale.ROOT));
        InetAddress[] addresses;
        try {
            addresses = InetAddress.getAllByName(bare(parsed.getHost()));
        } catch (UnknownHostException e) {
            throw new Refused("no address is known of " + parsed.getHost());
        }
        for (InetAddress address : addresses) {
            // one that may be posted to beside one that may not is a trick
            if (!privateOnes && isPrivate(address)) {
                throw new Refused(
                        "%s is %s, in a network that is not public; faultline.webhooks.private-addresses=true allows that"
                                .formatted(parsed.getHost(), address.getHostAddress()));
            }
        }
        int port = parsed.getPort() == -1 ? (tls ? 443 : 80) : parsed.getPort();
        String path = parsed.getRawPath().isEmpty() ? "/" : parsed.getRawPath();
        return new Target(
                tls,
                bare(parsed.getHost()),
                port,
                parsed.getRawQuery() == null ? path : path + "?" + parsed.getRawQuery(),
                addresses[0]);
    }

    private static URI parsed(String url) throws Refused {
        URI parsed;
        try {
            parsed = new URI(url);
        } catch (URISyntaxException e) {
            throw new Refused("it is no URL: " + e.getReason());
        }
        String scheme = String.valueOf(parsed.getScheme()).toLowerCase(Locale.ROOT);
        if (!scheme.equals("https") && !scheme.equals("http")) {
            throw new Refused("wanted https:// or http://");
        }
        if (parsed.getHost() == null || parsed.getPort() == 0 || parsed.getPort() > HIGHEST_PORT) {
            throw new Refused("it names no host, or no port that exists");
        }
        if (parsed.getRawUserInfo() != null || parsed.getRawFragment() != null) {
            throw new Refused("a password or a fragment has no place in it");
        }
        return parsed;
    }

    /** Without the brackets of an IPv6 address. */
    private static String bare(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    /** The special-purpose registries of IANA (RFC 6890) as far as they lead to somebody's own network. */
    static boolean isPrivate(InetAddress address) {
        if (address.isLoopbackAddress()
                || address.isAnyLocalAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress()) {
            return true;
        }
        byte[] bytes = address.getAddress();
        int first = bytes[0] & 0xff;
        int second = bytes[1] & 0xff;
        if (address instanceof Inet4Address) {
            int third = bytes[2] & 0xff;
            return first == 0 // this network
                    || first >= 240 // reserved, broadcast
                    || (first == 100 && second >= 64 && second < 128) // carriers' NAT, 100.64.0.0/10
                    || (first == 192 && second == 0 && third == 0) // 192.0.0.0/24
                    || (first == 198 && (second == 18 || second == 19)); // benchmarks
        }
        boolean unique = (first & 0xfe) == 0xfc; // fc00::/7
        boolean sixToFour = first == 0x20 && second == 0x02; // 2002::/16 holds an IPv4 address
        boolean translated = first == 0x00 && second == 0x64 && (bytes[2] & 0xff) == 0xff && (bytes[3] & 0xff) == 0x9b;
        boolean compatible = isZero(bytes, 12); // ::a.b.c.d
        return unique || sixToFour || translated || compatible;
    }

    private static boolean isZero(byte[] bytes, int until) {
        for (int i = 0; i < until; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }
}
