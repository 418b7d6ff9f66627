package dev.faultline.symbols.logs;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.report.LogLine;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The entries of the chunk protocol's logger: header, length, text or a compact log. */
final class ChunkEntries {
    private static final List<String> LEVELS = List.of("D", "I", "W", "E");

    /** A compact log that did not fit has no level. */
    private static final int TOO_LONG = 4;

    private static final int LEVEL = 0x07;
    private static final int COMPACT = 0x08;
    private static final int TIMESTAMP = 0x10;
    private static final int RESERVED = 0x20;
    private static final int TIMESTAMP_BYTES = 4;

    private final @Nullable CompactFormats formats;
    private final int wordBytes;

    /** @param formats null: there are none */
    ChunkEntries(@Nullable CompactFormats formats, int wordBytes) {
        this.formats = formats;
        this.wordBytes = wordBytes;
    }

    ReadLog read(ByteReader in) {
        var lines = new ArrayList<LogLine>();
        while (in.remaining() >= 2) {
            int header = in.u8();
            int length = in.u8();
            if (length > in.remaining()) {
                return new ReadLog(
                        lines,
                        List.of("The log is cut: its last entry has %d bytes, %d are there"
                                .formatted(length, in.remaining())));
            }
            lines.add(line(header, in.bytes(length)));
        }
        return in.hasRemaining()
                ? new ReadLog(lines, List.of("The log is cut inside of its last entry"))
                : ReadLog.of(lines);
    }

    private LogLine line(int header, byte[] bytes) {
        int level = header & LEVEL;
        boolean compact = (header & COMPACT) != 0;
        boolean known = level < LEVELS.size() || (level == TOO_LONG && compact);
        boolean timed = (header & TIMESTAMP) != 0;
        if (!known || (header & RESERVED) != 0 || (timed && bytes.length < TIMESTAMP_BYTES)) {
            return unknown(header, bytes);
        }
        var in = ByteReader.of("log entry", bytes);
        var time = timed ? Instant.ofEpochSecond(in.u32()).toString() : null;
        var name = level < LEVELS.size() ? LEVELS.get(level) : null;
        byte[] message = in.bytes((int) in.remaining());
        if (!compact) {
            return new LogLine(null, time, name, null, EscapedText.of(message).stripTrailing(), List.of());
        }
        try {
            var log = CompactLog.read(message, formats, wordBytes);
            return new LogLine(null, time, name, log.source(), log.text(), List.of());
        } catch (FormatException e) {
            return unknown(header, bytes);
        }
    }

    /** Kept as it is: somebody may know what it means. */
    private static LogLine unknown(int header, byte[] bytes) {
        return new LogLine(
                null,
                null,
                "<unknown entry 0x%02x: %s>"
                        .formatted(header, HexFormat.ofDelimiter(" ").formatHex(bytes)));
    }
}
