package dev.faultline.sequential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
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
            expectation += split.probability(count) * more(events - count, baselineExposure, count, exposure, ratio);
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
            expectation += split.probability(count) * more(events - count, 1, count, 1, 1.5);
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
                if (more(baseline, 9.0 * hour, count, hour, 1) >= 20) {
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
            if (more(baseline, 14, count, 1, 1) >= 20) {
                found++;
            }
        }
        assertThat(found).isGreaterThan(runs * 19 / 20);
    }

    private static double more(long baseline, double baselineExposure, long count, double exposure, double ratio) {
        return RateEvidence.ofMore(List.of(new Split(baseline, baselineExposure, count, exposure)), ratio);
    }

    @Test
    void strataWithRatesOfTheirOwnChangeNothingWhereTheRatioIsOne() {
        // rev-c crashes five times as often, and the candidate is mostly there
        var random = new Random(5);
        int runs = 1000;
        int fooled = 0;
        int fooledWithoutStrata = 0;
        for (int run = 0; run < runs; run++) {
            var revB = new Split(poisson(random, 400), 800, poisson(random, 20), 40);
            var revC = new Split(poisson(random, 500), 200, poisson(random, 150), 60);
            var all = new Split(revB.baseline() + revC.baseline(), 1000, revB.count() + revC.count(), 100);
            fooled += RateEvidence.ofMore(List.of(revB, revC), 1) >= 20 ? 1 : 0;
            fooledWithoutStrata += RateEvidence.ofMore(List.of(all), 1) >= 20 ? 1 : 0;
        }
        assertThat(fooled).isLessThan(runs / 20);
        assertThat(fooledWithoutStrata).isGreaterThan(runs / 2);
    }

    @Test
    void theBoundsHoldTheTruthAtEveryOfManyLooksInNineteenOfTwentyRuns() {
        var random = new Random(3);
        int runs = 200;
        int missed = 0;
        for (int run = 0; run < runs; run++) {
            List<Split> splits = new ArrayList<>();
            boolean outside = false;
            for (int day = 0; day < 14 && !outside; day++) {
                splits.add(new Split(poisson(random, 90), 90, poisson(random, 1.5 * 10), 10));
                outside = RateEvidence.lowerBound(splits, 0.05) > 1.5 || RateEvidence.upperBound(splits, 0.05) < 1.5;
            }
            missed += outside ? 1 : 0;
        }
        assertThat(missed).as("each bound of 95 %").isLessThan(runs / 10);
    }

    @Test
    void boundsCloseInOnTheRatioAndSayNothingWithoutData() {
        var much = List.of(new Split(100_000, 1000, 20_000, 100));
        assertThat(RateEvidence.lowerBound(much, 0.05)).isBetween(1.9, 2.0);
        assertThat(RateEvidence.upperBound(much, 0.05)).isBetween(2.0, 2.1);
        assertThat(RateEvidence.lowerBound(List.of(), 0.05)).isZero();
        assertThat(RateEvidence.upperBound(List.of(new Split(5, 10, 0, 0)), 0.05))
                .isEqualTo(Double.POSITIVE_INFINITY);
    }

    private static long poisson(Random random, double mean) {
        return PoissonDistribution.of(mean).createSampler(random::nextLong).sample();
    }

    @Test
    void hugeCountsOverflowToInfinityAndNothingToNoNumber() {
        assertThat(more(0, 1, 1_000_000_000, 1, 1)).isPositive();
        assertThat(more(1_000_000_000, 1, 0, 1, 1)).isBetween(0.0, 1.0);
        assertThat(more(0, 1, 0, 1, 1)).isCloseTo(1, within(1e-12));
        assertThat(more(1, 0, 1, 1, 1))
                .as("what has no exposure compares nothing")
                .isEqualTo(1, within(1e-12));
        assertThatThrownBy(() -> more(1, -1, 1, 1, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> more(1, 1, 1, 1, Double.NaN)).isInstanceOf(IllegalArgumentException.class);
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
