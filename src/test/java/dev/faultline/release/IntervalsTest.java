package dev.faultline.release;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.faultline.release.Comparison.Estimate;
import dev.faultline.release.Comparison.Stratum;
import dev.faultline.release.MetricChanges.Pair;
import dev.faultline.release.MetricChanges.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.statistics.distribution.BinomialDistribution;
import org.apache.commons.statistics.distribution.DiscreteDistribution;
import org.apache.commons.statistics.distribution.PoissonDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IntervalsTest {
    private static final int RUNS = 20_000;

    private final UniformRandomProvider random = new SplittableRandom(20261127)::nextLong;

    /** Newcombe, Statistics in Medicine 17 (1998), 857: 81 of 263. */
    @Test
    void aShareHasTheIntervalOfThePublishedExample() {
        Estimate share = Intervals.share(81, 263);
        assertThat(share.low()).isEqualTo(0.2553, within(0.0001));
        assertThat(share.high()).isEqualTo(0.3662, within(0.0001));
    }

    /** Newcombe, Statistics in Medicine 17 (1998), 873: 56 of 70 and 48 of 80, method 10. */
    @Test
    void aDifferenceOfSharesHasTheIntervalOfThePublishedExample() {
        Estimate difference = Intervals.difference(Intervals.share(48, 80), Intervals.share(56, 70));
        assertThat(difference.value()).isEqualTo(0.2, within(1e-12));
        assertThat(difference.low()).isEqualTo(0.0524, within(0.0001));
        assertThat(difference.high()).isEqualTo(0.3339, within(0.0001));
    }

    /** Benjamini and Hochberg, JRSS B 57 (1995), 289: of these fifteen the first four are found. */
    @Test
    void ofManyTestsThoseOfThePublishedExampleAreFound() {
        double[] chances = {
            0.3240, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.0001, 0.4262, 0.5719, 0.6528,
            0.7590, 1.0000
        };
        assertThat(ManyTests.threshold(chances)).isEqualTo(0.0095);
        assertThat(ManyTests.threshold(new double[] {0.06, 0.5})).isEqualTo(-1);
    }

    /** Of 9 crashes at equal exposures: (C(9,8) + C(9,9)) / 2⁹. */
    @Test
    void theConditionalTestIsTheOneOfCoins() {
        assertThat(Rates.chance(1, 500, 8, 500, true)).isEqualTo(10 / 512.0, within(1e-12));
        assertThat(Rates.chance(8, 500, 1, 500, false)).isEqualTo(10 / 512.0, within(1e-12));
    }

    @ParameterizedTest
    @CsvSource({"10, 1000", "20, 4000", "100, 10000"})
    void rateIntervalsHoldTheRateInNinetyThreeToNinetySevenOfAHundred(double events, double exposure) {
        var count = sampler(PoissonDistribution.of(events));
        assertThat(held(() -> Intervals.rate(count.sample(), exposure, 1), events / exposure))
                .isBetween(0.93, 0.97);
    }

    @ParameterizedTest
    @CsvSource({"20, 20, 1, 1", "40, 9, 9, 1", "100, 60, 2, 1", "400, 80, 10, 2"})
    void ratioIntervalsHoldTheRatio(double before, double after, double exposureBefore, double exposure) {
        var a = sampler(PoissonDistribution.of(before));
        var b = sampler(PoissonDistribution.of(after));
        double ratio = after / exposure / (before / exposureBefore);
        assertThat(held(
                        () -> {
                            var found = requireNonNull(Rates.ratio(a.sample(), exposureBefore, b.sample(), exposure));
                            return new Estimate(found.ratio(), found.low(), found.high());
                        },
                        ratio))
                .isBetween(0.93, 0.97);
    }

    /** Three revisions whose rates are 1, 3 and 10, on which the candidate is 1.4 times as bad. */
    @Test
    void ratiosWithinStrataHoldTheRatio() {
        double[] rates = {1, 3, 10};
        double[] before = {60, 30, 5};
        double[] after = {8, 10, 6};
        assertThat(held(
                        () -> {
                            var strata = new ArrayList<Stratum>();
                            for (int i = 0; i < rates.length; i++) {
                                long xa = poisson(rates[i] * before[i]);
                                long xb = poisson(1.4 * rates[i] * after[i]);
                                strata.add(new Stratum("rev-" + i, before[i], xa, after[i], xb, null));
                            }
                            var found = requireNonNull(Rates.stratified(strata));
                            return new Estimate(found.ratio(), found.low(), found.high());
                        },
                        1.4))
                .isBetween(0.93, 0.97);
    }

    @ParameterizedTest
    @CsvSource({"200, 0.05", "1000, 0.02", "500, 0.3"})
    void shareIntervalsHoldTheShare(int devices, double share) {
        var part = sampler(BinomialDistribution.of(devices, share));
        assertThat(held(() -> Intervals.share(part.sample(), devices), share)).isBetween(0.93, 0.97);
    }

    @Test
    void differencesOfSharesHoldTheDifference() {
        var from = sampler(BinomialDistribution.of(2000, 0.03));
        var to = sampler(BinomialDistribution.of(400, 0.06));
        assertThat(held(
                        () -> Intervals.difference(
                                Intervals.share(from.sample(), 2000), Intervals.share(to.sample(), 400)),
                        0.03))
                .isBetween(0.93, 0.97);
    }

    /** Counts of pairs: each vary twice as much as single events. */
    @Test
    void whatComesInPairsHasAnIntervalThatIsWideEnough() {
        var pairs = sampler(PoissonDistribution.of(30));
        assertThat(held(() -> Intervals.rate(2.0 * pairs.sample(), 1, 2), 60)).isBetween(0.93, 0.97);
        assertThat(held(() -> Intervals.rate(2.0 * pairs.sample(), 1, 1), 60)).isLessThan(0.87);
    }

    @Test
    void meansOfMetricsHoldTheChange() {
        var normal = new Random(11);
        assertThat(held(
                        () -> {
                            var change = MetricChanges.change(
                                    "battery",
                                    List.of(new Pair(values(normal, 60, 10), values(normal, 30, 13))),
                                    60,
                                    30);
                            return requireNonNull(requireNonNull(change).change());
                        },
                        0.3))
                .isBetween(0.93, 0.97);
    }

    private static Values values(Random random, int count, double mean) {
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < count; i++) {
            double value = mean + 2 * random.nextGaussian();
            sum += value;
            squares += value * value;
        }
        return new Values(count, sum, squares);
    }

    /** Share of the runs in which the interval holds the truth. */
    private static double held(Supplier<Estimate> run, double truth) {
        Predicate<Estimate> holds = found -> found.low() <= truth && truth <= found.high();
        long held = Stream.generate(run).limit(RUNS).filter(holds).count();
        return (double) held / RUNS;
    }

    private DiscreteDistribution.Sampler sampler(DiscreteDistribution distribution) {
        return distribution.createSampler(random);
    }

    private long poisson(double mean) {
        return PoissonDistribution.of(mean).createSampler(random).sample();
    }
}
