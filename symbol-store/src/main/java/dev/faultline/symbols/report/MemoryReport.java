package dev.faultline.symbols.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Memory of a coredump.
 *
 * @param ranges what was asked for, in pieces that the dump has and pieces that it has not, ascending and without gaps
 * @param symbols the globals that lie there, ascending
 */
public record MemoryReport(List<Range> ranges, List<Symbol> symbols) {

    public MemoryReport {
        ranges = List.copyOf(ranges);
        symbols = List.copyOf(symbols);
    }

    /**
     * A piece that the dump has or has not.
     *
     * @param size bytes
     * @param bytes in lower-case hexadecimal, two digits each; null: they are not in the dump
     */
    public record Range(String address, int size, @Nullable String bytes) {}

    /**
     * A global.
     *
     * @param address of its first byte, which may lie before what was asked for
     * @param size bytes; 0 where nobody says
     */
    public record Symbol(String address, String name, long size) {}
}
