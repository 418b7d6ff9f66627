package dev.faultline.similarity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class WeighedStackTest {
    private static double similarity(List<Long> one, List<Long> other, Weights by) {
        var weighing = new Weighing(by, WeighedStackTest::share);
        return weighing.stack(one).similarity(weighing.stack(other), weighing);
    }

    /** Frames with a small number are everywhere. */
    private static double share(long frame) {
        return 1.0 / (1 + frame);
    }

    @Provide
    Arbitrary<List<Long>> stack() {
        return Arbitraries.longs().between(0, 15).list().ofMinSize(1).ofMaxSize(50);
    }

    @Property
    void aStackIsLikeItself(@ForAll("stack") List<Long> stack) {
        assertThat(similarity(stack, stack, Weights.ONE)).isCloseTo(1, within(1e-9));
    }

    @Property
    void whichOfTwoIsFirstChangesNothing(@ForAll("stack") List<Long> one, @ForAll("stack") List<Long> other) {
        assertThat(similarity(one, other, Weights.ONE)).isCloseTo(similarity(other, one, Weights.ONE), within(1e-9));
        assertThat(similarity(one, other, Weights.ONE)).isBetween(-1 - 1e-9, 1 + 1e-9);
    }

    @Property
    void everyFrameOfBothStandsInAnAlignment(@ForAll("stack") List<Long> one, @ForAll("stack") List<Long> other) {
        List<String> here = names(one);
        List<String> there = names(other);
        List<Alignment.Line> lines = Alignment.of(here, there);
        List<String> left = new ArrayList<>();
        List<String> right = new ArrayList<>();
        for (var line : lines) {
            if (line.here() != null) {
                left.add(line.here());
            }
            if (line.there() != null) {
                right.add(line.there());
            }
            assertThat(line.here() == null || line.there() == null || line.same())
                    .isTrue();
        }
        assertThat(left).isEqualTo(here.subList(0, Math.min(here.size(), Weighing.MOST_FRAMES)));
        assertThat(right).isEqualTo(there.subList(0, Math.min(there.size(), Weighing.MOST_FRAMES)));
    }

    private static List<String> names(List<Long> stack) {
        return stack.stream().map(frame -> "f" + frame).toList();
    }

    @Test
    void stacksWithoutACommonFrameAreNotAlike() {
        assertThat(similarity(List.of(1L, 2L), List.of(3L, 4L), Weights.ONE)).isEqualTo(-1);
        assertThat(similarity(List.of(), List.of(), Weights.ONE)).isEqualTo(-1);
    }

    @Test
    void aRareFrameInCommonSaysMoreThanACommonOne() {
        double rare = similarity(List.of(5L, 9L, 6L), List.of(5L, 9L, 7L), Weights.ONE);
        double common = similarity(List.of(5L, 0L, 6L), List.of(5L, 0L, 7L), Weights.ONE);
        assertThat(rare).isGreaterThan(common);
    }

    @Test
    void weightsAreChosenByWhatPeopleSaid() {
        List<Tuning.Pair> pairs = new ArrayList<>();
        LongStream.range(0, 12).forEach(i -> {
            // one frame was put in above: the same; only the outermost frames are in common: not the same
            pairs.add(new Tuning.Pair(
                    List.of(100 + i, 200L, 300L, 400L), List.of(50 + i, 100 + i, 200L, 300L, 400L), true));
            pairs.add(new Tuning.Pair(List.of(100 + i, 300L, 400L), List.of(150 + i, 300L, 400L), false));
        });
        Tuning.Tuned tuned = Tuning.of(pairs, WeighedStackTest::share);
        assertThat(tuned.right()).isGreaterThan(0.9);
        assertThat(Tuning.of(pairs, WeighedStackTest::share)).isEqualTo(tuned);
        assertThat(Tuning.of(pairs.subList(0, 6), WeighedStackTest::share).weights())
                .as("few pairs teach nothing")
                .isEqualTo(Weights.ONE);
    }
}
