package dev.faultline.fingerprint;

import dev.faultline.fingerprint.Corpus.Crash;
import dev.faultline.symbols.report.CrashReport;
import dev.faultline.symbols.report.FrameReport;
import dev.faultline.symbols.report.ThreadReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * How well crashes of the corpus are grouped, as a table in Markdown, and each bug's part. {@code java … CorpusMeasure}
 * measures the committed reports, with an argument those of that file.
 */
final class CorpusMeasure {
    private static final int TOP_FRAMES = 5;

    /** One crash, before and after its symbols came. */
    record Grouped(Crash crash, Fingerprint first, Fingerprint end) {
        /** As little is known of its stack as to make its frames other ones. */
        boolean incomplete() {
            return crash.stack() > 0 || crash.symbols().equals("names");
        }
    }

    private final List<Grouped> all;

    /** The k3 of complete stacks. */
    private final Map<String, Set<String>> completeByK1 = new HashMap<>();

    private final Map<String, Set<String>> completeByK2 = new HashMap<>();

    CorpusMeasure(List<Crash> crashes) {
        var fingerprinter = new Fingerprinter();
        this.all = crashes.stream()
                .map(crash -> new Grouped(crash, fingerprinter.of(crash.report()), fingerprinter.of(crash.end())))
                .toList();
        for (Grouped grouped : all) {
            Fingerprint end = grouped.end();
            if (!end.incomplete()) {
                completeByK1.computeIfAbsent(end.k1(), none -> new HashSet<>()).add(end.k3());
                if (end.k2() != null) {
                    completeByK2
                            .computeIfAbsent(end.k2(), none -> new HashSet<>())
                            .add(end.k3());
                }
            }
        }
    }

    public static void main(String[] arguments) throws IOException {
        Path file = arguments.length > 0 ? Path.of(arguments[0]) : Corpus.COMMITTED;
        var measure = new CorpusMeasure(Corpus.read(file));
        System.out.println(measure.table());
        System.out.println(measure.bugs());
    }

    List<Grouped> all() {
        return all;
    }

    /** Clusters as they are formed. */
    BCubed clusters(Predicate<Grouped> of) {
        return measured(all.stream().filter(of).toList(), this::clusterKey);
    }

    String clusterKey(Grouped grouped) {
        Fingerprint end = grouped.end();
        return end.incomplete()
                ? ClusterKey.ofIncomplete(
                                end.k3(),
                                completeByK1.getOrDefault(end.k1(), Set.of()),
                                completeByK2.getOrDefault(String.valueOf(end.k2()), Set.of()))
                        .key()
                : ClusterKey.ofComplete(end.k3()).key();
    }

    /** In the moment in which the crashes came. */
    BCubed clustersBeforeSymbols() {
        return measured(all, grouped -> grouped.first().k3());
    }

    BCubed topFrames(Predicate<Grouped> of) {
        return measured(
                all.stream().filter(of).toList(), grouped -> top(grouped.crash().end()));
    }

    private interface Key {
        String of(Grouped grouped);
    }

    private static BCubed measured(List<Grouped> crashes, Key key) {
        return BCubed.of(
                crashes.stream().map(grouped -> grouped.crash().bug()).toList(),
                crashes.stream().map(key::of).toList());
    }

    private static String top(CrashReport report) {
        ThreadReport thread = report.crashedThread();
        return thread == null
                ? ""
                : thread.frames().stream()
                        .limit(TOP_FRAMES)
                        .map(CorpusMeasure::name)
                        .collect(Collectors.joining("|"));
    }

    private static String name(FrameReport frame) {
        return frame.function() == null ? frame.pc() : frame.function();
    }

    String table() {
        List<String> lines = new ArrayList<>();
        lines.add("| crashes | | precision | recall | F1 | clusters |");
        lines.add("|---|---|---|---|---|---|");
        lines.add(row("all", "hash of the top five frames", topFrames(any -> true), all.size()));
        lines.add(row("all", "**clusters, when all symbols have come**", clusters(any -> true), all.size()));
        lines.add(row("all", "k3 alone", measured(all, grouped -> grouped.end().k3()), all.size()));
        lines.add(row("all", "k3, in the moment in which they came", clustersBeforeSymbols(), all.size()));
        lines.add(row("all", "k1", measured(all, grouped -> grouped.end().k1()), all.size()));
        lines.add(row(
                "all", "k8: variants", measured(all, grouped -> grouped.end().k8()), all.size()));
        Predicate<Grouped> complete = grouped -> !grouped.incomplete();
        int whole = (int) all.stream().filter(complete).count();
        lines.add(row("whole stacks", "hash of the top five frames", topFrames(complete), whole));
        lines.add(row("whole stacks", "clusters", clusters(complete), whole));
        return String.join("\n", lines) + "\n";
    }

    private static String row(String which, String what, BCubed score, int crashes) {
        return "| %s (%d) | %s | %.4f | %.4f | %.4f | %d |"
                .formatted(which, crashes, what, score.precision(), score.recall(), score.f1(), score.clusters());
    }

    /** Bug by bug: its crashes, in how many clusters, its recall, and its largest clusters' signatures. */
    String bugs() {
        var text = new StringBuilder();
        Map<Integer, List<Grouped>> byBug = all.stream()
                .collect(Collectors.groupingBy(grouped -> grouped.crash().bug()));
        byBug.forEach((bug, crashes) -> {
            Map<String, List<Grouped>> clusters = crashes.stream().collect(Collectors.groupingBy(this::clusterKey));
            double recall = clusters.values().stream()
                    .mapToDouble(of -> (double) of.size() * of.size() / crashes.size() / crashes.size())
                    .sum();
            text.append("bug %d: %d crashes, %d clusters, recall %.3f%n"
                    .formatted(bug, crashes.size(), clusters.size(), recall));
            clusters.values().stream()
                    .sorted((one, other) -> other.size() - one.size())
                    .limit(4)
                    .forEach(of -> text.append("    %4d  %s%n"
                            .formatted(of.size(), of.getFirst().end().signature())));
        });
        return text.toString();
    }
}
