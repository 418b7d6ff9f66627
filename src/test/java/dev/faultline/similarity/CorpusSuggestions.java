package dev.faultline.similarity;

import dev.faultline.fingerprint.Corpus;
import dev.faultline.fingerprint.Corpus.Crash;
import dev.faultline.fingerprint.Fingerprint;
import dev.faultline.fingerprint.Fingerprinter;
import dev.faultline.similarity.SimilarVariants.Candidate;
import dev.faultline.similarity.SimilarVariants.Rarity;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which of the joins that keys miss would be suggested in the corpus, and which suggestions are wrong, as a table in Markdown.
 * Crashes come in the order of the corpus, and each new cluster is compared with those that are there, as the service does.
 */
final class CorpusSuggestions {
    private static final double[] GRID = {0, 0.25, 0.5, 1, 2};

    private final Map<String, Long> frames = new HashMap<>();
    private final Map<Long, Long> variantsOf = new HashMap<>();
    private final Map<String, Integer> clusters = new HashMap<>();
    private final List<Map<Integer, Integer>> bugs = new ArrayList<>();
    private final Set<String> variants = new HashSet<>();
    private final List<Kept> kept = new ArrayList<>();
    private final Map<Set<Integer>, Double> suggested = new LinkedHashMap<>();

    private record Kept(
            int cluster, String reason, @Nullable String assertion, List<Long> stack) {
        boolean sameCheck(@Nullable String other) {
            return assertion == null || other == null || assertion.equals(other);
        }
    }

    private CorpusSuggestions(List<Crash> crashes, Fingerprinter fingerprinter, Weights weights) {
        for (Crash crash : crashes) {
            add(crash.bug(), fingerprinter.of(crash.end()), weights);
        }
    }

    public static void main(String[] arguments) throws IOException {
        List<Crash> crashes = Corpus.read(Corpus.COMMITTED);
        var fingerprinter = new Fingerprinter();
        System.out.println(
                "| alpha | beta | gamma | suggestions | right | wrong | joins that keys miss | suggested | wrong at 0.85 |");
        System.out.println("|---|---|---|---|---|---|---|---|---|");
        var byOne = new CorpusSuggestions(crashes, fingerprinter, Weights.ONE);
        System.out.println(byOne.row(Weights.ONE));
        for (double alpha : GRID) {
            for (double beta : GRID) {
                for (double gamma : arguments.length > 0 ? GRID : new double[] {0, 1}) {
                    var weights = new Weights(alpha, beta, gamma);
                    System.out.println(new CorpusSuggestions(crashes, fingerprinter, weights).row(weights));
                }
            }
        }
        System.out.println(byOne.wrong());
    }

    private void add(int bug, Fingerprint print, Weights weights) {
        int cluster = clusters.computeIfAbsent(print.k3(), _ -> {
            bugs.add(new TreeMap<>());
            return bugs.size() - 1;
        });
        boolean first = bugs.get(cluster).isEmpty();
        bugs.get(cluster).merge(bug, 1, Integer::sum);
        if (print.provisional() || !variants.add(print.k8())) {
            return;
        }
        List<Long> stack = SimilarVariants.names(print.frames()).stream()
                .map(name -> frames.computeIfAbsent(name, _ -> (long) frames.size()))
                .toList();
        stack.stream().distinct().forEach(frame -> variantsOf.merge(frame, 1L, Long::sum));
        if (first) {
            compare(cluster, print, stack, weights);
        }
        kept.add(new Kept(cluster, print.reason(), print.assertion(), stack));
    }

    private void compare(int cluster, Fingerprint print, List<Long> stack, Weights weights) {
        var rarity = new Rarity(variants.size(), variantsOf);
        Set<Long> rarest = stack.stream()
                .limit(SimilarVariants.FIRST_FRAMES)
                .distinct()
                .sorted(Comparator.comparingDouble(rarity::share).thenComparing(frame -> frame))
                .limit(SimilarVariants.RAREST)
                .collect(Collectors.toSet());
        List<Candidate> candidates = new ArrayList<>();
        for (int i = 0; i < kept.size(); i++) {
            Kept other = kept.get(i);
            if (other.cluster() != cluster
                    && other.reason().equals(print.reason())
                    && other.sameCheck(print.assertion())
                    && other.stack().stream()
                            .limit(SimilarVariants.FIRST_FRAMES)
                            .anyMatch(rarest::contains)) {
                candidates.add(new Candidate(i, other.cluster(), other.stack()));
            }
        }
        Comparing.best(stack, candidates, rarity, weights).stream()
                .limit(Comparing.MOST_SUGGESTIONS)
                .forEach(scored ->
                        suggested.put(Set.of(cluster, (int) scored.candidate().cluster()), scored.score()));
    }

    private int bug(int cluster) {
        return bugs.get(cluster).entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .orElseThrow()
                .getKey();
    }

    private boolean right(Set<Integer> pair) {
        return pair.stream().map(this::bug).distinct().count() == 1;
    }

    private String row(Weights weights) {
        long right = suggested.keySet().stream().filter(this::right).count();
        long wrongly = suggested.entrySet().stream()
                .filter(pair -> !right(pair.getKey()) && pair.getValue() >= Similar.JOINED)
                .count();
        Set<Integer> bugs = new HashSet<>();
        for (int cluster = 0; cluster < this.bugs.size(); cluster++) {
            bugs.add(bug(cluster));
        }
        return String.format(
                Locale.ROOT,
                "| %s | %s | %s | %d | %d | %d | %d | %d | %d |",
                weights.alpha(),
                weights.beta(),
                weights.gamma(),
                suggested.size(),
                right,
                suggested.size() - right,
                this.bugs.size() - bugs.size(),
                joined(),
                wrongly);
    }

    /** How many clusters fewer there were if all right suggestions were taken. */
    private int joined() {
        int[] root = new int[bugs.size()];
        for (int i = 0; i < root.length; i++) {
            root[i] = i;
        }
        int joined = 0;
        for (Set<Integer> pair : suggested.keySet()) {
            if (right(pair)) {
                List<Integer> both = List.copyOf(pair);
                int one = root(root, both.getFirst());
                int other = root(root, both.getLast());
                joined += one == other ? 0 : 1;
                root[one] = other;
            }
        }
        return joined;
    }

    private static int root(int[] root, int of) {
        int at = of;
        while (root[at] != at) {
            at = root[at];
        }
        return at;
    }

    private String wrong() {
        return suggested.entrySet().stream()
                .filter(pair -> !right(pair.getKey()))
                .map(pair -> String.format(
                        Locale.ROOT,
                        "wrong, %.2f: bugs %s",
                        pair.getValue(),
                        pair.getKey().stream().map(this::bug).sorted().toList()))
                .sorted()
                .collect(Collectors.joining("\n"));
    }
}
