package dev.faultline.symbols.dwarf;

/** Takes the rows of an unwind table entry by entry, each entry whole or not at all. */
public interface UnwindRowSink {

    /** An entry begins, for {@code start} up to but without {@code end}; its rows follow. */
    void entry(long start, long end);

    /**
     * A row of the entry, ascending inside it; where it says nothing there is no row.
     *
     * @param rule its number in the {@link UnwindRules} that the reader was given
     */
    void row(long start, long end, int rule);
}
