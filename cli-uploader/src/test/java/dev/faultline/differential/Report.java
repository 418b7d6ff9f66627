package dev.faultline.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

/** The comparisons of several files as Markdown. */
final class Report {
    private final StringBuilder text = new StringBuilder();
    private final List<Comparison> comparisons;

    private Report(List<Comparison> comparisons) {
        this.comparisons = comparisons;
    }

    static String of(List<Comparison> comparisons) {
        var report = new Report(comparisons);
        report.files();
        report.rules();
        report.differences();
        report.cases("Where we are wrong", comparisons, Comparison::mistakes);
        report.cases("Not decided", comparisons, Comparison::undecided);
        return report.text.toString();
    }

    private void files() {
        line("## Files");
        line("");
        line("*agreed*: at least two say what is true. *ruled*: a rule decides against two or more. *wrong*: so many"
                + " addresses of each tool. *columns*: other than those of llvm-symbolizer, where it is right.");
        line("");
        line("| file | addresses | agreed | ruled | not decided | we are right | columns "
                + each(peer -> "| " + peer.title() + " wrong ") + "|");
        line("|---|---|---|---|---|---|---" + each(peer -> "|---") + "|");
        for (Comparison file : comparisons) {
            int decided = file.addresses() - file.undecided().size();
            line("| %s | %d | %d | %d | %d | %s | %d of %d %s|"
                    .formatted(
                            file.file(),
                            file.addresses(),
                            file.agreed(),
                            file.ruled(),
                            file.undecided().size(),
                            share(file.right(), decided),
                            file.otherColumns(),
                            file.columns(),
                            each(peer -> "| %d ".formatted(file.wrong(peer)))));
        }
        int decided = sum(Comparison::agreed) + sum(Comparison::ruled);
        line("| **all** | %d | %d | %d | %d | %s | %d of %d %s|"
                .formatted(
                        sum(Comparison::addresses),
                        sum(Comparison::agreed),
                        sum(Comparison::ruled),
                        sum(Comparison::addresses) - decided,
                        share(sum(Comparison::right), decided),
                        sum(Comparison::otherColumns),
                        sum(Comparison::columns),
                        each(peer -> "| %d ".formatted(sum(file -> file.wrong(peer))))));
        line("");
    }

    private int sum(ToIntFunction<Comparison> figure) {
        return comparisons.stream().mapToInt(figure).sum();
    }

    private void rules() {
        line("## Rules");
        line("");
        line("| rule | why it is right | decides against " + each(peer -> "| " + peer.title() + " ") + "|");
        line("|---|---|---" + each(peer -> "|---") + "|");
        for (Pitfall pitfall : Pitfall.values()) {
            var counts = new TreeMap<Peer, Integer>();
            for (Comparison file : comparisons) {
                file.causes().forEach((cause, example) -> {
                    if (cause.pitfall() == pitfall) {
                        counts.merge(cause.peer(), example.count(), Integer::sum);
                    }
                });
            }
            int all = counts.values().stream().mapToInt(Integer::intValue).sum();
            line("| %s | %s | %d answers %s|"
                    .formatted(
                            pitfall,
                            pitfall.argument(),
                            all,
                            each(peer -> "| %d ".formatted(counts.getOrDefault(peer, 0)))));
        }
        line("");
    }

    private void differences() {
        line("## Differences");
        line("");
        line("Each kind of difference once per file and tool, with its first address. The truth is what we say.");
        line("");
        line("| rule | file | tool | addresses | first | it says | the truth |");
        line("|---|---|---|---|---|---|---|");
        for (Pitfall pitfall : Pitfall.values()) {
            for (Comparison file : comparisons) {
                for (var entry : new TreeMap<>(byPeer(file, pitfall)).entrySet()) {
                    var example = entry.getValue();
                    line("| %s | %s | %s | %d | 0x%x | %s | %s |"
                            .formatted(
                                    pitfall,
                                    file.file(),
                                    entry.getKey().title(),
                                    example.count(),
                                    example.address(),
                                    cell(example.given()),
                                    cell(example.truth())));
                }
            }
        }
        line("");
    }

    private void cases(String title, List<Comparison> files, Function<Comparison, List<Comparison.Case>> which) {
        line("## " + title);
        line("");
        int before = text.length();
        for (Comparison file : files) {
            Comparison.Case last = null;
            for (Comparison.Case one : which.apply(file)) {
                boolean again = last != null
                        && last.ours().equals(one.ours())
                        && last.peers().equals(one.peers())
                        && one.address() - last.address() < 16;
                if (!again) {
                    line("- %s 0x%x: we say %s; the truth: %s; %s"
                            .formatted(
                                    file.file(),
                                    one.address(),
                                    one.ours(),
                                    one.truth().decided() ? one.truth().answer() : "not decided",
                                    one.peers().entrySet().stream()
                                            .map(peer -> peer.getKey().title() + ": " + peer.getValue())
                                            .collect(Collectors.joining("; "))));
                }
                last = one;
            }
        }
        if (text.length() == before) {
            line("Nowhere.");
        }
        line("");
    }

    private static Map<Peer, Comparison.Example> byPeer(Comparison file, Pitfall pitfall) {
        return file.causes().entrySet().stream()
                .filter(entry -> entry.getKey().pitfall() == pitfall)
                .collect(Collectors.toMap(entry -> entry.getKey().peer(), Map.Entry::getValue));
    }

    private static String each(Function<Peer, String> cell) {
        var cells = new ArrayList<String>();
        for (Peer peer : Peer.values()) {
            cells.add(cell.apply(peer));
        }
        return String.join("", cells);
    }

    private static String share(int right, int all) {
        return right == all ? "all" : "%d of %d".formatted(right, all);
    }

    private static String cell(Answer answer) {
        return answer.toString().replace("|", "\\|").replace("<", "‹");
    }

    private void line(String line) {
        text.append(line).append('\n');
    }
}
