package dev.faultline.sequential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.apache.commons.statistics.distribution.BinomialDistribution;
import org.apache.commons.statistics.distribution.PoissonDistribution;
import org.junit.jupiter.api.Test;

class RateEvidenceTest {

    /** What makes it an e-value; the binomial distribution is the library's. */
    @Property(tries = 200)
    void atTheLargestRatioOfTheHypothesisItsExpectationIsOne(
            @ForAll @IntRange(min = 0, max = 300) int events,
            @ForAll @DoubleRange(min = 0.01, max = 100) double exposure,
            @ForAll @DoubleRange(min = 0.5, max = 3) double ratio) {
        double baselineExposure = 7;
        double theta = ratio * exposure / (baselineExposure + ratio * exposure);
        var split = BinomialDistribution.of(events, theta);
        double expectation = 0;
        for (int count = 0; count <= events; count++) {
            expectation += split.probability(count)
                    * RateEvidence.of(events - count, baselineExposure, count, exposure, ratio);
        }
        assertThat(expectation).isCloseTo(1, within(1e-6));
    }

    @Property(tries = 200)
    void belowThatRatioItsExpectationIsLess(
            @ForAll @IntRange(min = 1, max = 200) int events, @ForAll @DoubleRange(min = 0.1, max = 0.95) double part) {
        double theta = part * 1.5 / (1 + part * 1.5);
        var split = BinomialDistribution.of(events, theta);
        double expectation = 0;
        for (int count = 0; count <= events; count++) {
            expectation += split.probability(count) * RateEvidence.of(events - count, 1, count, 1, 1.5);
        }
        assertThat(expectation).isLessThan(1);
    }

    @Test
    void whoLooksEveryHourIsFooledInOneOfTwentyRunsAtMost() {
        var random = new Random(7);
        int runs = 2000;
        int fooled = 0;
        for (int run = 0; run < runs; run++) {
            long baseline = 0;
            long count = 0;
            for (int hour = 1; hour <= 14 * 24; hour++) {
                // a day that is ten times as bad as the night, for both
                double rate = hour % 24 < 12 ? 0.02 : 0.2;
                baseline += poisson(random, 9 * rate);
                count += poisson(random, rate);
                if (RateEvidence.of(baseline, 9.0 * hour, count, hour, 1) >= 20) {
                    fooled++;
                    break;
                }
            }
        }
        assertThat(fooled).isLessThan(runs / 20);
    }

    @Test
    void aDoubledRateIsFoundSoon() {
        var random = new Random(11);
        int runs = 500;
        int found = 0;
        for (int run = 0; run < runs; run++) {
            long baseline = poisson(random, 14 * 40);
            long count = poisson(random, 2 * 40);
            if (RateEvidence.of(baseline, 14, count, 1, 1) >= 20) {
                found++;
            }
        }
        assertThat(found).isGreaterThan(runs * 19 / 20);
    }

    private static long poisson(Random random, double mean) {
        return PoissonDistribution.of(mean).createSampler(random::nextLong).sample();
    }

    @Test
    void hugeCountsOverflowToInfinityAndNothingToNoNumber() {
        assertThat(RateEvidence.of(0, 1, 1_000_000_000, 1, 1)).isPositive();
        assertThat(RateEvidence.of(1_000_000_000, 1, 0, 1, 1)).isBetween(0.0, 1.0);
        assertThat(RateEvidence.of(0, 1, 0, 1, 1)).isCloseTo(1, within(1e-12));
        assertThatThrownBy(() -> RateEvidence.of(1, 0, 1, 1, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void amongManyTestsOneNeedsMoreEvidence() {
        assertThat(FalseDiscoveries.threshold(new double[] {25, 1, 0.5}, 3, 0.05))
                .isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(FalseDiscoveries.threshold(new double[] {70, 1, 0.5}, 3, 0.05))
                .isEqualTo(70);
        assertThat(FalseDiscoveries.threshold(new double[] {35, 31, 0.5}, 3, 0.05))
                .isEqualTo(31);
        assertThat(FalseDiscoveries.threshold(new double[] {25}, 1, 0.05)).isEqualTo(25);
        assertThat(FalseDiscoveries.threshold(new double[] {}, 0, 0.05)).isEqualTo(Double.POSITIVE_INFINITY);
    }
}
