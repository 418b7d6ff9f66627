package dev.faultline.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.faultline.http.Problem;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressesTest {
    private final Addresses closed = new Addresses(false);
    private final Addresses open = new Addresses(true);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1/",
                "http://localhost:8080/q/metrics",
                "http://[::1]/",
                "http://0.0.0.0/",
                "http://10.1.2.3/",
                "http://172.16.0.1/",
                "http://192.168.1.1/",
                "http://169.254.169.254/latest/meta-data/",
                "http://100.64.0.1/",
                "http://198.18.0.1/",
                "http://224.0.0.1/",
                "http://255.255.255.255/",
                "http://[fe80::1]/",
                "http://[fd00::1]/",
                "http://[::ffff:127.0.0.1]/",
                "http://[64:ff9b::7f00:1]/",
                "http://[2002:7f00:1::]/",
                "http://[::127.0.0.1]/",
                "http://2130706433/",
                "http://127.1/"
            })
    void anAddressOfTheNetworkThatTheServiceStandsInIsRefused(String url) {
        assertThatThrownBy(() -> closed.target(url)).as(url).isInstanceOf(Addresses.Refused.class);
        assertThatThrownBy(() -> closed.checked(url)).as(url).isInstanceOf(Problem.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://example.com/",
                "file:///etc/passwd",
                "gopher://example.com/",
                "https://user:password@example.com/",
                "https://example.com/#fragment",
                "https://",
                "example.com/hook",
                "https://example.com:0/",
                "https://example.com:65536/",
                "https://exa mple.com/"
            })
    void whatIsNoAddressOfTheWebIsRefusedInAnyCase(String url) {
        assertThatThrownBy(() -> open.checked(url)).as(url).isInstanceOf(Problem.class);
    }

    @Test
    void aPublicAddressAndWhereAllowedAPrivateOneAreKept() throws Exception {
        assertThat(closed.target("https://93.184.216.34/hook?a=b"))
                .isEqualTo(new Addresses.Target(
                        true, "93.184.216.34", 443, "/hook?a=b", InetAddress.ofLiteral("93.184.216.34")));
        assertThat(open.target("http://[::1]:8080"))
                .isEqualTo(new Addresses.Target(false, "::1", 8080, "/", InetAddress.ofLiteral("::1")));
        assertThat(closed.checked("https://webhooks.invalid/a")).isEqualTo("https://webhooks.invalid/a");
        assertThatThrownBy(() -> closed.target("https://webhooks.invalid/a")).hasMessageContaining("no address");
    }

    @Test
    void publicAddressesAreNotTakenForPrivateOnes() {
        for (String address : new String[] {"8.8.8.8", "100.128.0.1", "172.32.0.1", "192.0.1.1", "2606:4700::1111"}) {
            assertThat(Addresses.isPrivate(InetAddress.ofLiteral(address)))
                    .as(address)
                    .isFalse();
        }
    }
}
