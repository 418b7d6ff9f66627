package dev.faultline.symbols.dwarf;

import java.util.List;

/** Rows of contiguous machine code: at least one, ascending, up to but without {@code end}. */
public record LineSequence(List<LineRow> rows, long end) {

    public LineSequence {
        rows = List.copyOf(rows);
    }

    public long start() {
        return rows.getFirst().address();
    }
}
