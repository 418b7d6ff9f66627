package dev.faultline.release;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.faultline.release.Comparison.Stratum;
import java.util.List;
import org.junit.jupiter.api.Test;

class RatesTest {

    @Test
    void theIntervalIsTheOneAMonteCarloRunGave() {
        // 40 in 90,000 against 9 in 10,000: simulated beforehand, 95 % 0.94 to 4.01, P(R > 1) = 0.966
        var ratio = requireNonNull(Rates.ratio(40, 90_000, 9, 10_000));
        assertThat(ratio.ratio()).isEqualTo(2.025, within(1e-9));
        assertThat(ratio.low()).isEqualTo(0.94, within(0.01));
        assertThat(ratio.high()).isEqualTo(4.01, within(0.02));
        assertThat(ratio.probabilityHigher()).isEqualTo(0.966, within(0.001));
    }

    @Test
    void swappingTheSidesInvertsTheRatio() {
        var one = requireNonNull(Rates.ratio(12, 300, 5, 80));
        var other = requireNonNull(Rates.ratio(5, 80, 12, 300));
        assertThat(one.ratio() * other.ratio()).isEqualTo(1, within(1e-9));
        assertThat(one.low() * other.high()).isEqualTo(1, within(1e-6));
    }

    @Test
    void withoutExposureThereIsNoRatio() {
        assertThat(Rates.ratio(3, 0, 5, 10)).isNull();
        assertThat(Rates.ratio(3, 10, 5, 0)).isNull();
    }

    @Test
    void zeroCrashesOnASideGiveAFiniteInterval() {
        var ratio = requireNonNull(Rates.ratio(0, 100, 3, 100));
        assertThat(ratio.ratio()).isEqualTo(7);
        assertThat(ratio.high()).isFinite();
    }

    @Test
    void aCandidateOnTheWorseHardwareIsNotWorseWithinTheStrata() {
        // revision C crashes five times as often; the candidate went mostly there, and changed nothing
        var strata = List.of(new Stratum("rev-b", 800, 80, 40, 4, null), new Stratum("rev-c", 200, 100, 60, 30, null));
        var crude = requireNonNull(Rates.ratio(180, 1000, 34, 100));
        var stratified = requireNonNull(Rates.stratified(strata));
        assertThat(crude.low()).isGreaterThan(1);
        assertThat(stratified.ratio()).isEqualTo(1, within(1e-9));
        assertThat(stratified.low()).isLessThan(1);
    }

    @Test
    void strataThatDoNotOverlapGiveNoRatio() {
        assertThat(Rates.stratified(
                        List.of(new Stratum("rev-b", 800, 80, 0, 0, null), new Stratum("rev-c", 0, 0, 60, 30, null))))
                .isNull();
    }

    @Test
    void confidenceThatACrashIsGoneGrowsWithBothSides() {
        assertThat(Rates.confidenceGone(6, 100, 100)).isEqualTo(1 - Math.pow(0.5, 6.5), within(1e-12));
        assertThat(Rates.confidenceGone(6, 100, 0)).isZero();
        assertThat(Rates.expectedBefore(3, 90_000, 10_000)).isEqualTo(27, within(1e-9));
    }
}
