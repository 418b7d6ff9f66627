package dev.faultline.symbols.index;

import dev.faultline.symbols.dwarf.LineRows;
import dev.faultline.symbols.dwarf.UnitCode;
import java.util.Arrays;

/** The numbers in the pool of the paths that the rows at hand name. */
final class SourceFiles {
    static final int NONE = 0;

    private final TextPool paths;
    private LineRows lines = new LineRows();

    /** By the number of the line table; -1: not asked yet. */
    private int[] numbers = new int[0];

    SourceFiles(TextPool paths) {
        this.paths = paths;
    }

    /** Answers for these lines from here on. */
    void of(LineRows lines) {
        this.lines = lines;
        if (numbers.length < lines.paths()) {
            numbers = new int[lines.paths() * 2];
        }
        Arrays.fill(numbers, 0, lines.paths(), -1);
    }

    /** A path's number in the pool plus 1; {@link #NONE} where the line table has no such file or it has no name. */
    int number(int file) {
        if (file == UnitCode.NONE) {
            return NONE;
        }
        int known = numbers[file];
        if (known < 0) {
            String path = lines.path(file);
            known = path.isEmpty() ? NONE : paths.number(path) + 1;
            numbers[file] = known;
        }
        return known;
    }
}
