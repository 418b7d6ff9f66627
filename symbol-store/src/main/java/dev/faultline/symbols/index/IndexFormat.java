package dev.faultline.symbols.index;

import java.util.List;

/** The numbers of the index file; package-info describes it. */
final class IndexFormat {
    static final byte[] MAGIC = {'F', 'L', 'T', 'I', 'N', 'D', 'E', 'X'};

    /** Raised by every change of the layout or of what the builder finds: an index of another version is built again. */
    static final int VERSION = 3;

    static final int MACHINE_AT = 24;
    static final int BUILD_ID_AT = 40;
    static final int BUILD_ID_BYTES = 64;
    static final int DIRECTORY_AT = BUILD_ID_AT + BUILD_ID_BYTES;
    static final int DIRECTORY_ENTRY = 24;
    static final int CHECKSUM = 4;

    private IndexFormat() {}

    /** The sections, in the order of the directory and of the file. */
    enum Part {
        /** Pairs of words: the executable ranges. */
        TEXT,
        /** Words: where functions start, ascending. */
        FUNCTION_STARTS,
        /** For each function its size, names, inlined calls and runs. */
        PAYLOAD,
        /** u32: each function's place in the payload. */
        FUNCTION_PLACES,
        /** Pairs of u32: source name, linker's name, where the one does not follow from the other. */
        NAME_PAIRS,
        /** Pairs of u32: directory, name. */
        FILES,
        /** u32: where each block of texts begins. */
        TEXT_BLOCKS,
        /** All texts, ascending, in blocks. */
        TEXTS,
        /** Functions by name: name (u32), address (word), ascending. */
        FUNCTION_NAMES,
        /** Globals by name: name (u32), address (word), size (word), ascending. */
        DATA,
        /** u32: the numbers of globals that have a place, ascending by address. */
        DATA_PLACES,
        /** For each block of unwind rows where it starts (a word) and its place in ROWS (u32). */
        ROW_ANCHORS,
        /** Unwind rows: distances and rules. */
        ROWS,
        /** The different unwind rows. */
        RULES,
        /** What was said about the debug file. */
        SUMMARY;

        /** In the order of the file. */
        static final List<Part> ALL = List.of(values());
    }
}
