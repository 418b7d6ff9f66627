package dev.faultline.symbols.logs;

import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.report.LogLine;
import dev.faultline.symbols.unwind.AddressSpace;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A console's log with Zephyr's dictionary log in it: hexadecimal digits behind a mark that the firmware prints at its start, or
 * nothing but bytes. The rest is text.
 */
final class DictionaryText {
    private static final byte[] MARK = "##ZLOGV1##".getBytes(StandardCharsets.US_ASCII);

    /** The first byte of a message; a text does not begin like this. */
    private static final int MOST_KINDS = 1;

    private static final String NO_TYPES =
            "The uploaded log has messages of Zephyr's dictionary logging; the debug file with"
                    + " their texts is not here, or does not have the type of their header";

    private final AddressSpace space;
    private final Limits limits;
    private final List<LogLine> lines = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private @Nullable ZephyrDictionary dictionary;
    private boolean looked;

    DictionaryText(AddressSpace space, Limits limits) {
        this.space = space;
        this.limits = limits;
    }

    ReadLog read(byte[] log) {
        if (log.length > 0 && log[0] >= 0 && log[0] <= MOST_KINDS && dictionary() != null) {
            messages(log);
            return new ReadLog(lines, warnings);
        }
        int done = 0;
        for (int mark = mark(log, 0); mark < log.length; mark = mark(log, done)) {
            lines.addAll(LogText.lines(Arrays.copyOfRange(log, done, mark)));
            done = digits(log, mark + MARK.length);
        }
        lines.addAll(LogText.lines(Arrays.copyOfRange(log, done, log.length)));
        return new ReadLog(lines, warnings);
    }

    /** Where the next mark is; the end of the log where there is none. */
    private static int mark(byte[] log, int from) {
        for (int i = from; i <= log.length - MARK.length; i++) {
            if (log[i] == MARK[0] && Arrays.equals(log, i, i + MARK.length, MARK, 0, MARK.length)) {
                return i;
            }
        }
        return log.length;
    }

    /** Reads the digits from {@code from} on; where they end. */
    private int digits(byte[] log, int from) {
        var bytes = new ByteArrayOutputStream();
        int high = -1;
        int i = from;
        for (; i < log.length; i++) {
            int digit = Character.digit(log[i], 16);
            if (digit < 0 && log[i] != '\r' && log[i] != '\n') {
                break;
            }
            if (digit >= 0 && high < 0) {
                high = digit;
            } else if (digit >= 0) {
                bytes.write((high << 4) | digit);
                high = -1;
            }
        }
        if (bytes.size() > 0) {
            messages(bytes.toByteArray());
        }
        return i;
    }

    private void messages(byte[] bytes) {
        var known = dictionary();
        if (known == null) {
            warnings.add(NO_TYPES);
            return;
        }
        var log = known.read(bytes);
        lines.addAll(log.lines());
        warnings.addAll(log.warnings());
    }

    /** Looked for when there is something to read with it: that takes going through a debug file's types. */
    private @Nullable ZephyrDictionary dictionary() {
        if (!looked) {
            looked = true;
            dictionary = ZephyrDictionary.of(space, limits).orElse(null);
        }
        return dictionary;
    }
}
