package dev.faultline.symbols.index;

import dev.faultline.symbols.dwarf.LineRows;
import dev.faultline.symbols.dwarf.UnitCode;
import dev.faultline.symbols.index.TextPool.Text;
import org.jspecify.annotations.Nullable;

/**
 * Writes one part of a function as workers keep it until the index is written: with the numbers of the pools, because the
 * ranks that the file has are not known yet. {@link PayloadWriter} reads it.
 */
final class PartEncoder {
    private final TextPool pool;
    private final TextCache names;
    private final SourceFiles files;
    private final Bytes out = new Bytes();

    PartEncoder(TextPool pool, TextCache names, SourceFiles files) {
        this.pool = pool;
        this.names = names;
        this.files = files;
    }

    /** The bytes; good until the next call. */
    Bytes encode(UnitCode code, int function, long start, Text name, @Nullable Text linkageName, Flattening flat) {
        out.clear();
        header(name, linkageName, code.entry(function) + 1);
        out.uleb(flat.calls());
        for (int i = 0; i < flat.calls(); i++) {
            int node = flat.call(i);
            out.uleb(flat.index(code, code.parent(node)) + 1L);
            names(names.at(code.name(node)), names.at(code.linkageName(node)));
            out.uleb(files.number(code.callFile(node)));
            out.uleb(code.callLine(node));
            out.uleb(code.callColumn(node));
        }
        runs(start, flat);
        return out;
    }

    /** The same for a function without an entry in the debugging information. */
    Bytes encode(long start, Text name, Flattening flat) {
        out.clear();
        header(name, null, 0);
        out.uleb(0);
        runs(start, flat);
        return out;
    }

    private void header(Text name, @Nullable Text linkageName, long entry) {
        names(name, linkageName);
        out.uleb(entry);
    }

    /** A mangled name says all that the source's name does. */
    private void names(@Nullable Text name, @Nullable Text linkageName) {
        out.uleb(linkageName != null && MangledNames.isMangled(linkageName.value()) ? 0 : number(name));
        out.uleb(number(linkageName));
    }

    private void runs(long start, Flattening flat) {
        out.uleb(flat.runs());
        LineRows lines = flat.lines();
        long at = start;
        for (int i = 0; i < flat.runs(); i++) {
            int row = flat.runRow(i);
            out.uleb(flat.runStart(i) - at);
            at = flat.runStart(i);
            out.uleb(flat.runCall(i) + 1L);
            out.uleb(row == Flattening.NONE ? SourceFiles.NONE : files.number(lines.file(row)));
            out.uleb(row == Flattening.NONE ? 0 : lines.line(row));
            out.uleb(row == Flattening.NONE ? 0 : lines.column(row));
        }
    }

    private int number(@Nullable Text text) {
        return text == null ? 0 : pool.number(text) + 1;
    }
}
