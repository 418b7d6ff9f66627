package dev.faultline.symbols.coredump;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import java.util.ArrayList;
import java.util.List;

/** A console log of ESP-IDF with panics and no coredump. Each panic is a crash. */
public record EspPanicText() implements CoredumpFormat {
    private static final List<String> MARKS = List.of("Guru Meditation Error", "Backtrace:", "MEPC    :");

    @Override
    public String name() {
        return "esp-idf-panic-text";
    }

    @Override
    public String description() {
        return "a log with a panic of ESP-IDF (Guru Meditation Error, Backtrace:)";
    }

    @Override
    public boolean begins(ByteReader file) {
        return MARKS.stream().anyMatch(mark -> ConsoleText.isTextWith(file, mark));
    }

    @Override
    public List<Coredump> parse(ByteReader file, Limits limits) {
        var coredumps = new ArrayList<Coredump>();
        var panic = EspPanic.none(limits);
        boolean begun = false;
        boolean banner = false;
        for (var line : ConsoleText.lines(file)) {
            boolean next = EspPanic.isBanner(line.text()) && banner;
            if (begun && (next || EspPanic.ends(line.text()))) {
                add(coredumps, panic);
                panic = EspPanic.none(limits);
                begun = false;
                banner = false;
            }
            panic.line(line.text());
            begun |= EspPanic.begins(line.text());
            banner |= EspPanic.isBanner(line.text());
        }
        if (begun) {
            add(coredumps, panic);
        }
        if (coredumps.isEmpty()) {
            throw file.error("no panic of the log can be read");
        }
        return coredumps;
    }

    private void add(List<Coredump> coredumps, EspPanic panic) {
        if (coredumps.size() == ZephyrLog.MOST) {
            throw new FormatException("coredump at 0x0: more than %d panics in one log".formatted(ZephyrLog.MOST));
        }
        if (panic.isCrash()) {
            coredumps.add(panic.coredump(name()));
        }
    }
}
