package dev.faultline.symbols.coredump;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A serial log in which Zephyr's logging backend printed coredumps, as hexadecimal digits behind {@code #CD:}. Each run from
 * BEGIN to END is a crash; the lines between them are those of the log.
 */
public record ZephyrLog() implements CoredumpFormat {
    private static final String MARK = "#CD:";
    private static final String BEGIN = "#CD:BEGIN#";
    private static final String END = "#CD:END#";
    private static final String ERROR = "#CD:ERROR CANNOT DUMP#";

    /** Most crashes of one upload. */
    static final int MOST = 64;

    @Override
    public String name() {
        return "zephyr-log";
    }

    @Override
    public String description() {
        return "a log with a Zephyr coredump (#CD:BEGIN#)";
    }

    @Override
    public boolean begins(ByteReader file) {
        return ConsoleText.isTextWith(file, BEGIN);
    }

    @Override
    public List<Coredump> parse(ByteReader file, Limits limits) {
        var log = new Reading(name(), limits);
        for (var line : ConsoleText.lines(file)) {
            log.line(line);
        }
        log.end("the log ends before the coredump does");
        if (log.coredumps.isEmpty()) {
            throw file.error(
                    "no coredump of the log can be read%s",
                    log.lost.isEmpty() ? "" : ": " + String.join("; ", log.lost));
        }
        return log.coredumps.stream().map(log::withLost).toList();
    }

    private static final class Reading {
        private final String format;
        private final Limits limits;
        private final ZephyrConsole.Listener console;
        private final List<Coredump> coredumps = new ArrayList<>();
        private final List<String> lost = new ArrayList<>();
        private final List<String> damage = new ArrayList<>();
        private @Nullable ByteArrayOutputStream bytes;
        private boolean broken;

        private Reading(String format, Limits limits) {
            this.format = format;
            this.limits = limits;
            this.console = new ZephyrConsole.Listener(limits);
        }

        private void line(ConsoleText.Line line) {
            int mark = line.text().indexOf(MARK);
            if (mark < 0) {
                console.add(line.text());
            } else if (line.text().startsWith(BEGIN, mark)) {
                end("another one begins before it ends");
                bytes = new ByteArrayOutputStream();
            } else if (line.text().startsWith(END, mark)) {
                end(null);
            } else if (line.text().startsWith(ERROR, mark)) {
                damage.add("The device said that it could not dump (byte %d of the log)".formatted(line.offset()));
            } else {
                data(line, mark + MARK.length());
            }
        }

        private void data(ConsoleText.Line line, int from) {
            var digits = ConsoleText.longestRun(line.text(), from, HexFormat::isHexDigit);
            var into = bytes;
            if (into == null || broken || !line.text().startsWith(digits, from)) {
                return; // such as #CD:LOCATION, which another backend prints
            }
            into.writeBytes(HexFormat.of().parseHex(digits, 0, digits.length() & ~1));
            if (digits.length() % 2 != 0) {
                broken = true;
                damage.add(
                        "Damaged after byte %d: a line of the log (at its byte %d) has lost a digit; what follows is left out"
                                .formatted(into.size(), line.offset()));
            }
            if (into.size() > ConsoleText.MOST_DUMP_BYTES) {
                throw new FormatException("coredump at 0x%x: more than %d bytes in one log"
                        .formatted(line.offset(), ConsoleText.MOST_DUMP_BYTES));
            }
        }

        private void end(@Nullable String unexpected) {
            var whole = bytes;
            bytes = null;
            if (whole == null) {
                return;
            }
            if (unexpected != null) {
                damage.add("Damaged after byte %d: %s".formatted(whole.size(), unexpected));
            }
            if (coredumps.size() + lost.size() == MOST) {
                throw new FormatException("coredump at 0x0: more than %d coredumps in one log".formatted(MOST));
            }
            try {
                coredumps.add(ZephyrImage.read(
                        ByteReader.of("coredump of the log", whole.toByteArray()),
                        format,
                        console.take(),
                        damage,
                        limits));
            } catch (FormatException e) {
                lost.add(String.valueOf(e.getMessage()));
            }
            damage.clear();
            broken = false;
        }

        private Coredump withLost(Coredump coredump) {
            return lost.isEmpty()
                    ? coredump
                    : coredump.withWarning("The log has %d more coredumps that can not be read: %s"
                            .formatted(lost.size(), lost.getFirst()));
        }
    }
}
