package dev.faultline.similarity;

import dev.faultline.similarity.SimilarVariants.Candidate;
import dev.faultline.similarity.SimilarVariants.Rarity;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/** How long it takes to compare one stack with 2,000 others of 40 frames; see docs/benchmarks.md for the command. */
final class SimilarityBenchmark {
    private static final int FRAMES = 40;
    private static final int FUNCTIONS = 5_000;
    private static final int ROUNDS = 1_000;

    private SimilarityBenchmark() {}

    public static void main(String[] arguments) {
        var threads = ManagementFactory.getThreadMXBean();
        var random = new Random(3);
        Map<Long, Long> variants = new HashMap<>();
        for (long frame = 0; frame < FUNCTIONS; frame++) {
            variants.put(frame, 1 + (long) random.nextInt(1000));
        }
        var rarity = new Rarity(10_000, variants);
        List<Candidate> candidates = new ArrayList<>();
        for (int i = 0; i < SimilarVariants.MOST_CANDIDATES; i++) {
            candidates.add(new Candidate(i, i, stack(random)));
        }
        long[] nanos = new long[ROUNDS];
        int found = 0;
        for (int round = 0; round < ROUNDS; round++) {
            List<Long> stack = candidates.get(round % candidates.size()).frames();
            long begin = threads.getCurrentThreadCpuTime(); // of this thread: others may use the machine
            found += Comparing.best(stack, candidates, rarity, Weights.ONE).size();
            nanos[round] = threads.getCurrentThreadCpuTime() - begin;
        }
        Arrays.sort(nanos);
        System.out.printf(
                Locale.ROOT,
                "%d candidates of %d frames: best %.2f ms, p50 %.2f ms, p90 %.2f ms (%d alike)%n",
                candidates.size(),
                FRAMES,
                nanos[0] / 1e6,
                nanos[ROUNDS / 2] / 1e6,
                nanos[ROUNDS * 9 / 10] / 1e6,
                found);
    }

    private static List<Long> stack(Random random) {
        return random.longs(FRAMES, 0, FUNCTIONS).boxed().toList();
    }
}
