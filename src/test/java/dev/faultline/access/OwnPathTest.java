package dev.faultline.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OwnPathTest {

    @ParameterizedTest
    @ValueSource(strings = {"/", "/projects/default/clusters?state=open&sort=impact", "/crashes/1#frame-2"})
    void theLogInForwardsToOurPages(String next) {
        assertThat(LoginPages.ownPath(next)).isEqualTo(next);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "//evil.example",
                "/\\evil.example",
                "\\\\evil.example",
                "/\t/evil.example",
                "/\n/evil.example",
                "https://evil.example/",
                "javascript:alert(1)",
                "evil.example",
                "/ /evil.example",
                "/%"
            })
    void theLogInForwardsToNobodyElse(String next) {
        assertThat(LoginPages.ownPath(next)).isEqualTo("/");
    }
}
