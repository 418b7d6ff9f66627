package dev.faultline.symbols.logs;

import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.report.LogLine;
import dev.faultline.symbols.unwind.AddressSpace;
import dev.faultline.symbols.unwind.LoadedSymbols.Module;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Messages of Zephyr's log to lines: what they are the same in, wherever they are kept. */
final class ZephyrMessages {
    /** By Zephyr's number; that of a raw text is 0. */
    private static final List<String> LEVELS = List.of("", "E", "W", "I", "D");

    /** Most bytes shown of what a message brings besides its text. */
    private static final int SHOWN_DATA = 64;

    /** Ticks a second of a log's clock where nothing else is said: the default on processors of more than 1 MHz. */
    private static final long USUAL_FREQUENCY = 1000;

    private final AddressSpace space;
    private final ZephyrSources sources;
    private final ImageStrings strings;
    private final Limits limits;
    private final long formatOffset;
    private final long frequency;
    private final long divider;

    ZephyrMessages(Module module, AddressSpace space, LogLayouts layouts, Limits limits) {
        this.space = space;
        this.sources = new ZephyrSources(module);
        this.strings = new ImageStrings(space);
        this.limits = limits;
        this.formatOffset = layouts.layout("cbprintf_package_hdr_ext")
                .map(layout -> layout.offset("fmt"))
                .orElse(OptionalLong.empty())
                .orElse(space.architecture().wordBytes());
        // two variables of the part that prints logs: the clock's frequency is kept below 1 MHz by a divider
        this.divider = variable(module, "timestamp_div").orElse(1);
        this.frequency = divider == 1 && variable(module, "timestamp_div").isEmpty()
                ? USUAL_FREQUENCY
                : variable(module, "freq").orElse(USUAL_FREQUENCY);
    }

    /** A variable of four bytes that was set. */
    private OptionalLong variable(Module module, String name) {
        var symbol = module.data(name);
        var value = symbol.isPresent() && symbol.get().size() == 4
                ? space.memory().unsigned(symbol.get().address(), 4)
                : OptionalLong.empty();
        return value.orElse(0) == 0 ? OptionalLong.empty() : value;
    }

    /** What a message says of itself before its package. */
    record Header(int level, Optional<String> source, long timestamp) {}

    Optional<String> sourceAt(long address) {
        return sources.at(address);
    }

    Optional<String> sourceNumbered(long number) {
        return sources.numbered(number);
    }

    /**
     * One line; a package that can not be read is shown as bytes.
     *
     * @param data what comes with the text: the bytes of a hex dump
     */
    LogLine line(Header header, byte[] bytes, byte[] data) {
        long millis = Long.divideUnsigned(header.timestamp(), divider) * 1000 / frequency;
        var level = header.level() < LEVELS.size() && header.level() > 0 ? LEVELS.get(header.level()) : null;
        var text = new StringBuilder();
        if (bytes.length > 0) {
            text.append(text(bytes));
        }
        if (data.length > 0) {
            text.append(text.isEmpty() ? "" : ": ").append(hex(data));
        }
        return new LogLine(millis, null, level, header.source().orElse(null), text.toString(), List.of());
    }

    private String text(byte[] bytes) {
        try {
            var text = CbprintfPackage.text(bytes, formatOffset, space.architecture(), strings, limits);
            return EscapedText.of(text.stripTrailing());
        } catch (FormatException e) {
            return "<message that can not be read: %s; %s>".formatted(hex(bytes), e.getMessage());
        }
    }

    private static String hex(byte[] bytes) {
        var shown = HexFormat.ofDelimiter(" ").formatHex(Arrays.copyOf(bytes, Math.min(bytes.length, SHOWN_DATA)));
        return bytes.length > SHOWN_DATA ? "%s … %d bytes".formatted(shown, bytes.length) : shown;
    }
}
