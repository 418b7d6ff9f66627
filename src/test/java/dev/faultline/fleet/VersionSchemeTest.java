package dev.faultline.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class VersionSchemeTest {

    private static List<String> sorted(VersionScheme scheme, String... versions) {
        List<String> sorted = new ArrayList<>(List.of(versions));
        Collections.reverse(sorted);
        sorted.sort(scheme::compare);
        return sorted;
    }

    @Test
    void semanticVersionsAreOrderedAsTheirStandardSays() {
        String[] order = {"1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-rc.2", "1.0.0-rc.10", "1.0.0", "1.9.0", "1.10.0"};
        assertThat(sorted(VersionScheme.SEMVER, order)).containsExactly(order);
        assertThat(VersionScheme.SEMVER.compare("1.0.0+1", "1.0.0+2")).isZero();
        assertThat(VersionScheme.SEMVER.reads("1.0")).isFalse();
        assertThat(VersionScheme.SEMVER.isPreRelease("1.0.0-rc.2")).isTrue();
        assertThat(VersionScheme.SEMVER.isPreRelease("1.0.0+rc")).isFalse();
    }

    @Test
    void datesAreDaysOfTheCalendarAndANumber() {
        String[] order = {"2025.12.31", "2026.06.09-3", "2026-06-15", "2026.06.15.2", "2026.06.15_10"};
        assertThat(sorted(VersionScheme.DATE, order)).containsExactly(order);
        assertThat(VersionScheme.DATE.compare("2026.6.15", "2026-06-15")).isZero();
        assertThat(VersionScheme.DATE.reads("2026.02.30")).isFalse();
        assertThat(VersionScheme.DATE.reads("2.4.0")).isFalse();
    }

    @Test
    void naturalVersionsAreTheirNumbersAndWords() {
        String[] order = {"r2", "r2a", "r2.1", "r9", "r10", "s1"};
        assertThat(sorted(VersionScheme.NATURAL, order)).containsExactly(order);
        assertThat(VersionScheme.NATURAL.compare("v2_10", "v2.10")).isZero();
        assertThat(VersionScheme.NATURAL.reads("latest")).isFalse();
    }

    @Test
    void withoutASchemeNoVersionHasAnOrder() {
        assertThat(VersionScheme.NONE.reads("1.0.0")).isFalse();
        assertThat(VersionScheme.named("SEMVER")).isEmpty();
        assertThat(VersionScheme.named("semver")).contains(VersionScheme.SEMVER);
    }

    @Property
    void whateverAVersionIsASchemeOrdersItOrSaysThatItCanNot(
            @ForAll VersionScheme scheme,
            @ForAll @StringLength(max = 12) @Chars({'0', '1', '9', '.', '-', '+', '_', 'a', 'B', 'v', 'é', '٣'})
                    String one,
            @ForAll @StringLength(max = 12) @Chars({'0', '1', '9', '.', '-', '+', '_', 'a', 'B', 'v', 'é', '٣'})
                    String other) {
        if (scheme.reads(one) && scheme.reads(other)) {
            assertThat(Integer.signum(scheme.compare(one, other)))
                    .isEqualTo(-Integer.signum(scheme.compare(other, one)));
            assertThat(scheme.compare(one, one)).isZero();
        }
    }
}
