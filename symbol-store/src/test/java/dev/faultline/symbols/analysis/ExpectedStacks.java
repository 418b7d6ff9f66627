package dev.faultline.symbols.analysis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The stacks that gdb printed, with the argued differences put in ({@code expected/*.tsv}, {@code overrides.tsv}). */
final class ExpectedStacks {

    /** A frame as gdb shows it. */
    record Row(String thread, String pc, String function, String file, int line, boolean inlined, String kind) {

        static Row of(List<String> columns) {
            var line = columns.get(6);
            return new Row(
                    columns.get(0),
                    columns.get(3),
                    columns.get(4),
                    columns.get(5).replaceAll("^(\\.\\./)+", ""),
                    line.isEmpty() ? 0 : Integer.parseInt(line),
                    columns.get(7).equals("1"),
                    columns.get(8));
        }
    }

    private ExpectedStacks() {}

    /** By thread id, innermost first, without what is no frame of a report. */
    static Map<String, List<Row>> of(String coredump) {
        var overrides = rows(Fixtures.ROOT.resolve("expected/overrides.tsv")).stream()
                .filter(columns -> columns.getFirst().equals(coredump))
                .map(columns -> Row.of(columns.subList(1, columns.size())))
                .toList();
        var all = new ArrayList<>(overrides);
        var replaced = overrides.stream().map(Row::thread).distinct().toList();
        rows(Fixtures.ROOT.resolve("expected/" + coredump + ".tsv")).stream()
                .map(Row::of)
                .filter(row -> !replaced.contains(row.thread()))
                .forEach(all::add);
        return byThread(all);
    }

    /** Of one table, by thread id, innermost first, without what is no frame of a report. */
    static Map<String, List<Row>> in(Path table) {
        return byThread(rows(table).stream().map(Row::of).toList());
    }

    private static Map<String, List<Row>> byThread(List<Row> rows) {
        var stacks = new LinkedHashMap<String, List<Row>>();
        rows.stream()
                .filter(ExpectedStacks::isFrame)
                .forEach(row -> stacks.computeIfAbsent(row.thread(), thread -> new ArrayList<>())
                        .add(row));
        return stacks;
    }

    /**
     * Whether a row is a frame on the stack: not the mark of an exception, not a frame that was never stacked, and not
     * gdb's guess at a function that jumped to the next one and is gone.
     */
    private static boolean isFrame(Row row) {
        return switch (row.kind()) {
            case "exception", "lost", "tailcall" -> false;
            case "context", "" -> true;
            default -> throw new IllegalStateException("no known kind of a row: " + row);
        };
    }

    private static List<List<String>> rows(Path table) {
        try {
            return Files.readAllLines(table).stream()
                    .skip(1)
                    .map(line -> List.of(line.split("\t", -1)))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
