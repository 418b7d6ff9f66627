package dev.faultline.symbols.logs;

import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.report.LogLine;
import dev.faultline.symbols.unwind.AddressSpace;
import java.util.Base64;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Compact logs that were printed on a console: {@code ML:<base64>:}. */
final class CompactConsole {
    private static final Pattern PRINTED = Pattern.compile("ML:([A-Za-z0-9+/]{1,1024}={0,2}):");

    private final @Nullable CompactFormats formats;
    private final int wordBytes;

    CompactConsole(AddressSpace space, Limits limits) {
        this.formats = CompactFormats.of(space, limits).orElse(null);
        this.wordBytes = space.architecture().wordBytes();
    }

    /** The line with its text, if it is one of these and its format is known. */
    LogLine expanded(LogLine line) {
        var printed = PRINTED.matcher(line.text());
        if (formats == null || !printed.find()) {
            return line;
        }
        try {
            var log = CompactLog.read(Base64.getDecoder().decode(printed.group(1)), formats, wordBytes);
            return new LogLine(
                    line.uptimeMillis(), line.time(), line.level(), log.source(), log.text(), line.origins());
        } catch (FormatException | IllegalArgumentException e) {
            return line; // it only looks like one
        }
    }
}
