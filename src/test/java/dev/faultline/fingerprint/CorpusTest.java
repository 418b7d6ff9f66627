package dev.faultline.fingerprint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.fingerprint.CorpusMeasure.Grouped;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Thousands of crashes of planted bugs, over releases, compilers and entries: the truth is in the corpus. */
class CorpusTest {
    private static CorpusMeasure measure = new CorpusMeasure(java.util.List.of());

    @BeforeAll
    static void everyCrash() throws IOException {
        measure = new CorpusMeasure(Corpus.read(Corpus.COMMITTED));
    }

    @Test
    void clustersAreOfOneBugAndBugsOfOneCluster() {
        BCubed ours = measure.clusters(any -> true);
        assertThat(measure.all()).hasSizeGreaterThan(4000);
        assertThat(ours.precision()).as(measure.table()).isGreaterThanOrEqualTo(0.98);
        assertThat(ours.recall()).as(measure.table()).isGreaterThanOrEqualTo(0.95);
    }

    @Test
    void whereTheWholeStackAndItsDebugInformationAreThereTheyAreFewer() {
        Predicate<Grouped> whole = grouped -> !grouped.incomplete();
        BCubed ours = measure.clusters(whole);
        assertThat(ours.precision()).as(measure.table()).isGreaterThanOrEqualTo(0.98);
        assertThat(ours.recall()).as(measure.table()).isGreaterThanOrEqualTo(0.95);
    }

    @Test
    void aHashOfTheTopFiveFramesIsWorseAtBoth() {
        BCubed ours = measure.clusters(any -> true);
        BCubed plain = measure.topFrames(any -> true);
        assertThat(ours.precision()).isGreaterThan(plain.precision());
        assertThat(ours.recall()).isGreaterThan(plain.recall());
    }

    /** Only GCC with link-time optimisation makes one call of the two failed checks of the allocator: see the README. */
    @ParameterizedTest(name = "{2}")
    @CsvSource({
        "11, 12, the allocator's check",
        "13, 14, the allocator's panic",
        "18, 19, memcpy and a ring",
        "28, 29, a helper of one file",
        "30, 31, two checks in one function",
        "32, 33, a helper that nothing marks as one",
        "34, 35, two helpers",
        "7, 25, the watchdog's handler",
        "9, 24, a panic",
        "1, 10, memcpy",
    })
    void bugsThatShareOnlyWhatIsOnTopAreNeverJoined(int one, int other, String shared) {
        assertThat(clusters(one)).as(shared).isNotEmpty().doesNotContainAnyElementsOf(clusters(other));
    }

    private static Set<String> clusters(int bug) {
        return measure.all().stream()
                .filter(grouped -> grouped.crash().bug() == bug)
                .filter(grouped -> !(grouped.crash().compiler().equals("gcc")
                        && grouped.crash().optimisation().equals("O2-lto")))
                .map(measure::clusterKey)
                .collect(Collectors.toSet());
    }

    @Test
    void withoutSymbolsNoKeyIsSharedByTwoBuilds() {
        Map<String, Set<String>> builds = new HashMap<>();
        for (Grouped grouped : measure.all()) {
            if (grouped.crash().symbols().equals("none")) {
                assertThat(grouped.first().provisional()).isTrue();
                assertThat(grouped.end().provisional()).isFalse();
                String build =
                        String.valueOf(grouped.crash().report().identity().buildId());
                for (String key : Set.of(
                        grouped.first().k1(),
                        grouped.first().k3(),
                        grouped.first().k8())) {
                    builds.computeIfAbsent(key, none -> new HashSet<>()).add(build);
                }
            }
        }
        assertThat(builds).isNotEmpty().allSatisfy((key, of) -> assertThat(of).hasSize(1));
    }

    @Test
    void crashesOfOneVariantAreInOneCluster() {
        Map<String, Set<String>> clusters = new HashMap<>();
        measure.all()
                .forEach(grouped -> clusters.computeIfAbsent(grouped.end().k8(), none -> new HashSet<>())
                        .add(measure.clusterKey(grouped)));
        assertThat(clusters)
                .isNotEmpty()
                .allSatisfy((variant, of) -> assertThat(of).hasSize(1));
    }
}
