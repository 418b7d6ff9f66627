package dev.faultline.symbols.logs;

import dev.faultline.symbols.dwarf.StructLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Where the members of the chunk protocol's logger lie, in bytes from its start.
 *
 * @param readOffset where the oldest entry begins in the ring
 * @param readSize bytes of all entries
 * @param totalSpace bytes of the ring
 * @param checksum over {@code regionStorage} and {@code regionLength}, which lie before it without a gap
 * @param size of all of it
 */
record ChunkLoggerLayout(
        long version,
        long enabled,
        long readOffset,
        long readSize,
        long totalSpace,
        long storage,
        long regionStorage,
        long regionLength,
        long checksum,
        long size) {

    /** As the debug file says. */
    static Optional<ChunkLoggerLayout> of(StructLayout layout) {
        long[] offsets = List.of(
                        "version",
                        "enabled",
                        "circ_buffer.read_offset",
                        "circ_buffer.read_size",
                        "circ_buffer.total_space",
                        "circ_buffer.storage",
                        "region_info.storage",
                        "region_info.len",
                        "region_info.crc16")
                .stream()
                .map(layout::offset)
                .filter(OptionalLong::isPresent)
                .mapToLong(OptionalLong::getAsLong)
                .toArray();
        return offsets.length < 9
                ? Optional.empty()
                : Optional.of(new ChunkLoggerLayout(
                        offsets[0],
                        offsets[1],
                        offsets[2],
                        offsets[3],
                        offsets[4],
                        offsets[5],
                        offsets[6],
                        offsets[7],
                        offsets[8],
                        layout.size()));
    }

    /** Those that compilers make, newest first: with enumerators of one byte or of four, with the count of lines or without. */
    static List<ChunkLoggerLayout> usual(int wordBytes) {
        var layouts = new ArrayList<ChunkLoggerLayout>();
        for (boolean counted : List.of(true, false)) {
            for (int enumeration : List.of(1, 4)) {
                layouts.add(usual(wordBytes, enumeration, counted ? 12 : 8));
            }
        }
        return layouts;
    }

    /** @param counters bytes of the counters behind the level */
    private static ChunkLoggerLayout usual(int word, int enumeration, int counters) {
        long level = aligned(2, enumeration);
        long ring = aligned(aligned(level + enumeration, 4) + counters, word);
        long region = ring + 4L * word;
        return new ChunkLoggerLayout(
                0,
                1,
                ring,
                ring + word,
                ring + 2L * word,
                ring + 3L * word,
                region,
                region + word,
                region + 2L * word,
                region + 3L * word);
    }

    private static long aligned(long offset, int alignment) {
        return (offset + alignment - 1) & -alignment;
    }
}
