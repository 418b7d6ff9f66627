package dev.faultline.symbols.index;

import dev.faultline.symbols.dwarf.AddressSpan;
import dev.faultline.symbols.dwarf.InlinedCall;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Flattens one contiguous part of a function into runs: between two neighbouring boundaries, which are the starts of line
 * rows and the ends of inlined calls, every address has the same innermost call and the same source position. A call
 * without a line row of its own is still a level, because its range is.
 */
final class FunctionEncoder {
    /** Runs between two places where decoding may begin. */
    static final int RUNS_PER_BLOCK = 32;

    private final Names names;
    private final SourceFiles files;
    private final Bytes payload;
    private int inlinedCalls;
    private int lineRuns;

    /** Appends to {@code payload}. */
    FunctionEncoder(Names names, SourceFiles files, Bytes payload) {
        this.names = names;
        this.files = files;
        this.payload = payload;
    }

    /**
     * What became of a part of a function.
     *
     * @param payloadAt its place in the payload section
     * @param bytesWithLine bytes that have a source position
     */
    record Encoded(int payloadAt, long bytesWithLine) {}

    /** Inlined calls written so far. */
    int inlinedCalls() {
        return inlinedCalls;
    }

    /** Runs written so far. */
    int lineRuns() {
        return lineRuns;
    }

    Encoded encode(
            long start,
            long end,
            String name,
            @Nullable String linkageName,
            List<InlinedCall> calls,
            List<UnitLines> lineSources) {
        var nodes = new Bytes();
        var ranges = new ArrayList<NodeRange>();
        place(calls, start, end, 0, 0, nodes, ranges);
        var rows = new ArrayList<Run>();
        for (UnitLines lines : lineSources) {
            if (rows.isEmpty()) {
                lines.rows(
                        start,
                        end,
                        (from, to, row) ->
                                rows.add(new Run(from, to, 0, files.number(row.file()), row.line(), row.column())));
            }
        }
        var runs = flatten(start, end, ranges, rows);
        int at = payload.size();
        payload.uleb(names.number(name, linkageName));
        payload.uleb(nodes.size());
        payload.bytes(nodes);
        write(start, runs);
        lineRuns += runs.size();
        long bytesWithLine = 0;
        for (Run row : rows) {
            bytesWithLine += row.end() - row.start();
        }
        return new Encoded(at, bytesWithLine);
    }

    /**
     * Addresses with one meaning.
     *
     * @param node place of the innermost inlined call plus 1; 0: the function itself
     * @param file number of the file; 0: none
     */
    private record Run(long start, long end, int node, int file, int line, int column) {
        boolean continues(Run before) {
            return start == before.end
                    && node == before.node
                    && file == before.file
                    && line == before.line
                    && column == before.column;
        }
    }

    /** Where an inlined call is; the deeper one is the innermost, of equals the later one. */
    private record NodeRange(long start, long end, int node, int depth) {}

    private void place(
            List<InlinedCall> calls, long start, long end, int parent, int depth, Bytes nodes, List<NodeRange> ranges) {
        for (InlinedCall call : calls) {
            if (!touches(call, start, end)) {
                // hot and cold part of one function: each has the calls that lie in it
                continue;
            }
            int node = nodes.size() + 1;
            nodes.uleb(parent);
            nodes.uleb(names.number(call.name(), call.linkageName()));
            nodes.uleb(files.number(call.callFile()));
            nodes.uleb(call.callLine());
            nodes.uleb(call.callColumn());
            inlinedCalls++;
            for (AddressSpan span : call.ranges()) {
                long from = Unsigned.max(start, span.start());
                long to = Unsigned.min(end, span.end());
                if (Long.compareUnsigned(from, to) < 0) {
                    ranges.add(new NodeRange(from, to, node, depth));
                }
            }
            place(call.inlinedCalls(), start, end, node, depth + 1, nodes, ranges);
        }
    }

    private static boolean touches(InlinedCall call, long start, long end) {
        for (AddressSpan span : call.ranges()) {
            if (Long.compareUnsigned(span.start(), end) < 0 && Long.compareUnsigned(start, span.end()) < 0) {
                return true;
            }
        }
        for (InlinedCall inner : call.inlinedCalls()) {
            if (touches(inner, start, end)) {
                return true;
            }
        }
        return false;
    }

    private static List<Run> flatten(long start, long end, List<NodeRange> ranges, List<Run> rows) {
        ranges.sort(Comparator.comparing(NodeRange::start, Long::compareUnsigned));
        var active = new PriorityQueue<NodeRange>(Comparator.comparingInt(NodeRange::depth)
                .thenComparingInt(NodeRange::node)
                .reversed());
        var runs = new ArrayList<Run>();
        long at = start;
        int nextRange = 0;
        int nextRow = 0;
        while (Long.compareUnsigned(at, end) < 0) {
            while (nextRange < ranges.size()
                    && Long.compareUnsigned(ranges.get(nextRange).start(), at) <= 0) {
                active.add(ranges.get(nextRange++));
            }
            NodeRange innermost = active.peek();
            while (innermost != null && Long.compareUnsigned(innermost.end(), at) <= 0) {
                active.remove();
                innermost = active.peek();
            }
            while (nextRow < rows.size()
                    && Long.compareUnsigned(rows.get(nextRow).end(), at) <= 0) {
                nextRow++;
            }
            long next = end;
            if (nextRange < ranges.size()) {
                next = Unsigned.min(next, ranges.get(nextRange).start());
            }
            int node = 0;
            if (innermost != null) {
                next = Unsigned.min(next, innermost.end());
                node = innermost.node();
            }
            var run = new Run(at, next, node, 0, 0, 0);
            if (nextRow < rows.size()) {
                var row = rows.get(nextRow);
                if (Long.compareUnsigned(row.start(), at) <= 0) {
                    next = Unsigned.min(next, row.end());
                    run = new Run(at, next, node, row.file(), row.line(), row.column());
                } else {
                    next = Unsigned.min(next, row.start());
                    run = new Run(at, next, node, 0, 0, 0);
                }
            }
            if (!runs.isEmpty() && run.continues(runs.getLast())) {
                var before = runs.removeLast();
                run = new Run(before.start(), run.end(), run.node(), run.file(), run.line(), run.column());
            }
            runs.add(run);
            at = next;
        }
        return runs;
    }

    private void write(long start, List<Run> runs) {
        int blocks = (runs.size() + RUNS_PER_BLOCK - 1) / RUNS_PER_BLOCK;
        var anchors = new Bytes();
        var encoded = new Bytes();
        long address = 0;
        int file = 0;
        int line = 0;
        for (int i = 0; i < runs.size(); i++) {
            var run = runs.get(i);
            if (i % RUNS_PER_BLOCK == 0) {
                anchors.u64(run.start() - start);
                anchors.u32(encoded.size());
                address = run.start();
                file = 0;
                line = 0;
            }
            encoded.uleb(run.start() - address);
            encoded.uleb(run.node());
            encoded.sleb(run.file() - (long) file);
            encoded.sleb(run.line() - (long) line);
            encoded.uleb(run.column());
            address = run.start();
            file = run.file();
            line = run.line();
        }
        payload.uleb(runs.size());
        if (blocks > 1) {
            payload.bytes(anchors);
        }
        payload.bytes(encoded);
    }
}
