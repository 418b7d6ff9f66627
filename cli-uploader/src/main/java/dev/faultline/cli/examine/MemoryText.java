package dev.faultline.cli.examine;

import dev.faultline.cli.Text;
import dev.faultline.symbols.report.MemoryReport;
import dev.faultline.symbols.report.MemoryReport.Range;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Memory as lines of sixteen bytes, above each line the globals that begin in it. */
final class MemoryText {
    private static final int LINE = 16;

    private final MemoryReport memory;
    private final List<String> lines = new ArrayList<>();
    private int named;

    private MemoryText(MemoryReport memory) {
        this.memory = memory;
    }

    static List<String> lines(MemoryReport memory) {
        var text = new MemoryText(memory);
        memory.ranges().forEach(text::add);
        return text.lines;
    }

    private void add(Range range) {
        long address = Long.parseUnsignedLong(range.address().substring(2), 16);
        int digits = range.address().length() - 2;
        if (range.bytes() == null) {
            names(address + range.size());
            lines.add("%s  %,d bytes are not in the dump".formatted(range.address(), range.size()));
            return;
        }
        byte[] bytes = HexFormat.of().parseHex(range.bytes());
        for (int i = 0; i < bytes.length; ) {
            long at = address + i;
            int count = Math.min(LINE - Math.floorMod(at, LINE), bytes.length - i);
            names(at + count);
            lines.add(line("0x" + HexFormat.of().toHexDigits(at, digits), bytes, i, count));
            i += count;
        }
    }

    /** The globals that begin before {@code end} and were not named yet. */
    private void names(long end) {
        while (named < memory.symbols().size()) {
            var symbol = memory.symbols().get(named);
            if (Long.compareUnsigned(Long.parseUnsignedLong(symbol.address().substring(2), 16), end) >= 0) {
                return;
            }
            lines.add(Text.onOneLine("%s  %s, %,d bytes".formatted(symbol.address(), symbol.name(), symbol.size())));
            named++;
        }
    }

    private static String line(String address, byte[] bytes, int from, int count) {
        var hex = new StringBuilder();
        var text = new StringBuilder();
        for (int i = from; i < from + count; i++) {
            hex.append(HexFormat.of().toHexDigits(bytes[i])).append(' ');
            text.append(bytes[i] >= ' ' && bytes[i] <= '~' ? (char) bytes[i] : '.');
        }
        return "%s    %-48s %s".formatted(address, hex, text);
    }
}
