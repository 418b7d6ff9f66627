package dev.faultline.symbols.logs;

import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.coredump.Memory;
import dev.faultline.symbols.report.LogLine;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The ring-buffer log of the device library ({@code struct faultline_log}, FORMAT.md "Log ring"): magic, capacity, head,
 * reserved, then the bytes; byte k of the stream is at k modulo capacity.
 *
 * @param lines oldest first; a line that the ring overwrote in part is left out
 * @param warnings why there are no lines, or fewer than there were
 */
public record RingLog(List<LogLine> lines, List<String> warnings) {
    /** The global of the device library. */
    public static final String SYMBOL = "faultline_log";

    private static final long MAGIC = 0x4654_4c31L;
    private static final int HEADER_BYTES = 16;
    private static final Pattern LINE = Pattern.compile("\\[(\\d{1,18})] ([EWID]) (.*)");

    public RingLog {
        lines = List.copyOf(lines);
        warnings = List.copyOf(warnings);
    }

    /** Reads the log at {@code address}; what is damaged becomes a warning. */
    public static RingLog read(Memory memory, long address, Limits limits) {
        var magic = memory.unsigned(address, 4);
        var capacity = memory.unsigned(address + 4, 4);
        var head = memory.unsigned(address + 8, 4);
        if (magic.isEmpty() || capacity.isEmpty() || head.isEmpty()) {
            return none("The log at 0x%08x was not captured".formatted(address));
        }
        if (magic.getAsLong() == 0) {
            return none("The log at 0x%08x was never written to".formatted(address));
        }
        if (magic.getAsLong() != MAGIC) {
            return none(
                    "The log at 0x%08x begins with 0x%08x; wanted 0x%08x".formatted(address, magic.getAsLong(), MAGIC));
        }
        long size = capacity.getAsLong();
        if (size > limits.logBytes() || Long.bitCount(size) != 1) {
            return none("The log at 0x%08x has a capacity of %d; wanted a power of two up to %d"
                    .formatted(address, size, limits.logBytes()));
        }
        var ring = memory.bytes(address + HEADER_BYTES, (int) size);
        if (ring.isEmpty()) {
            return none("The %d bytes of the log at 0x%08x were not all captured".formatted(size, address));
        }
        return new RingLog(lines(stream(ring.get(), head.getAsLong()), head.getAsLong() > size), List.of());
    }

    private static RingLog none(String warning) {
        return new RingLog(List.of(), List.of(warning));
    }

    /** The last bytes of the stream in the order in which they were written. */
    private static byte[] stream(byte[] ring, long head) {
        int length = (int) Math.min(head, ring.length);
        byte[] stream = new byte[length];
        for (int i = 0; i < length; i++) {
            stream[i] = ring[(int) ((head - length + i) % ring.length)];
        }
        return stream;
    }

    private static List<LogLine> lines(byte[] stream, boolean overwritten) {
        int start = 0;
        if (overwritten) { // the first line lost its beginning, unless nothing else is there
            while (start < stream.length && stream[start] != '\n') {
                start++;
            }
            start = Math.min(start + 1, stream.length);
        }
        var text = new String(Arrays.copyOfRange(stream, start, stream.length), StandardCharsets.UTF_8);
        var lines = new ArrayList<LogLine>();
        for (var line : text.split("\n", -1)) {
            if (!line.isBlank()) {
                lines.add(line(printable(line)));
            }
        }
        return lines;
    }

    private static LogLine line(String text) {
        Matcher matcher = LINE.matcher(text);
        return matcher.matches()
                ? new LogLine(Long.valueOf(matcher.group(1)), matcher.group(2), matcher.group(3))
                : new LogLine(null, null, text);
    }

    private static String printable(String line) {
        return line.stripTrailing()
                .codePoints()
                .map(c -> c != '\t' && (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT)
                        ? '\ufffd'
                        : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
