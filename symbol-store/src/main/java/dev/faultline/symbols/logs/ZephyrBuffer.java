package dev.faultline.symbols.logs;

import dev.faultline.symbols.arch.Architecture;
import dev.faultline.symbols.arch.Xtensa;
import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.report.LogLine;
import java.util.ArrayList;
import java.util.List;

/**
 * The packets of Zephyr's log that nobody printed before the crash: a ring of words, in which each packet begins with two bits
 * (valid, busy) that say whether it is whole, is being written, or is room that was left out.
 */
final class ZephyrBuffer {
    private static final int WORD = 4;
    private static final int VALID = 1;
    private static final int BUSY = 2;

    /** Behind them: 0 for a message. */
    private static final int OTHER_KIND = 4;

    private final ByteReader ring;
    private final ZephyrHeader header;
    private final long dataOffset;
    private final Architecture architecture;
    private final ZephyrMessages messages;

    /** @param dataOffset where the package of a message begins, from the message's start */
    ZephyrBuffer(
            ByteReader ring, ZephyrHeader header, long dataOffset, Architecture architecture, ZephyrMessages messages) {
        this.ring = ring;
        this.header = header;
        this.dataOffset = dataOffset;
        this.architecture = architecture;
        this.messages = messages;
    }

    /**
     * The messages, oldest first.
     *
     * @param read the word at which the oldest packet begins
     * @param write the word behind the newest
     */
    ReadLog messages(int read, int write) {
        int size = (int) (ring.size() / WORD);
        var in = ring.order(architecture.byteOrder());
        var lines = new ArrayList<LogLine>();
        int left = Math.floorMod(write - read, size);
        int at = read;
        while (left > 0) {
            long word = in.seek((long) at * WORD).u32();
            boolean valid = (word & VALID) != 0;
            if (!valid && (word & BUSY) == 0) {
                return new ReadLog(
                        lines,
                        List.of("A message of the log was being written: it and the ones behind it are not shown"));
            }
            if (valid && (word & OTHER_KIND) != 0) {
                return new ReadLog(
                        lines,
                        List.of(
                                "The log has a packet of an unknown kind at word %d, 0x%08x: the ones behind it are not shown"
                                        .formatted(at, word)));
            }
            long words;
            try {
                words = valid ? message(in, at, lines) : word >>> 2;
            } catch (FormatException e) {
                return new ReadLog(lines, List.of("The log is damaged: " + e.getMessage()));
            }
            if (words == 0 || words > left) {
                return new ReadLog(
                        lines,
                        List.of("The log is damaged at word %d: a packet of %d words, %d are left"
                                .formatted(at, words, left)));
            }
            at = (int) ((at + words) % size);
            left -= (int) words;
        }
        return ReadLog.of(lines);
    }

    /** Adds a message; its words. */
    private long message(ByteReader in, int at, List<LogLine> lines) {
        long start = (long) at * WORD;
        int packageBytes = (int) ZephyrHeader.value(in, start, header.packageLength());
        int dataBytes = (int) ZephyrHeader.value(in, start, header.dataLength());
        long alignment = architecture instanceof Xtensa ? 16 : 8;
        long size = (dataOffset + packageBytes + dataBytes + alignment - 1) & -alignment;
        var said = new ZephyrMessages.Header(
                (int) ZephyrHeader.value(in, start, header.level()),
                messages.sourceAt(ZephyrHeader.value(in, start, header.source())),
                ZephyrHeader.value(in, start, header.timestamp()));
        in.seek(Math.min(in.size(), start + dataOffset));
        lines.add(messages.line(said, in.bytes(packageBytes), in.bytes(dataBytes)));
        return size / WORD;
    }
}
