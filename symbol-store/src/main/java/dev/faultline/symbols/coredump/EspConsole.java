package dev.faultline.symbols.coredump;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A console log of ESP-IDF with coredumps between two banners, as lines of base64. Each is a crash. */
public record EspConsole() implements CoredumpFormat {
    private static final String START = "CORE DUMP START";
    private static final String END = "CORE DUMP END";

    @Override
    public String name() {
        return "esp-idf-console";
    }

    @Override
    public String description() {
        return "a log with an ESP-IDF coredump (CORE DUMP START)";
    }

    @Override
    public boolean begins(ByteReader file) {
        return ConsoleText.isTextWith(file, START);
    }

    @Override
    public List<Coredump> parse(ByteReader file, Limits limits) {
        var reading = new Reading(name(), limits);
        for (var line : ConsoleText.lines(file)) {
            if (line.text().contains(START)) {
                reading.end("another one begins before it ends");
                reading.bytes = new ByteArrayOutputStream();
            } else if (line.text().contains(END)) {
                reading.end(null);
            } else {
                reading.line(line);
            }
        }
        reading.end("the log ends before the coredump does");
        if (reading.coredumps.isEmpty()) {
            throw file.error(
                    "no coredump of the log can be read%s",
                    reading.lost.isEmpty() ? "" : ": " + String.join("; ", reading.lost));
        }
        return reading.coredumps.stream().map(reading::withLost).toList();
    }

    /** The bytes of one line, which is base64 of its own; nothing where it is not. */
    static Optional<byte[]> decode(String line) {
        var digits = ConsoleText.longestRun(line, 0, EspConsole::isBase64);
        if (digits.isEmpty() || digits.length() % 4 != 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(Base64.getDecoder().decode(digits));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // an ordinary word between the lines
        }
    }

    static boolean isBase64(int c) {
        return (c >= 'A' && c <= 'Z')
                || (c >= 'a' && c <= 'z')
                || (c >= '0' && c <= '9')
                || c == '+'
                || c == '/'
                || c == '=';
    }

    private static final class Reading {
        private final String format;
        private final Limits limits;
        private final List<Coredump> coredumps = new ArrayList<>();
        private final List<String> lost = new ArrayList<>();
        private final List<String> damage = new ArrayList<>();
        private EspPanic panic;
        private @Nullable ByteArrayOutputStream bytes;

        private Reading(String format, Limits limits) {
            this.format = format;
            this.limits = limits;
            this.panic = EspPanic.none(limits);
        }

        private void line(ConsoleText.Line line) {
            var into = bytes;
            if (into == null) {
                panic.line(line.text());
                return;
            }
            var decoded = decode(line.text());
            if (decoded.isPresent()) {
                into.writeBytes(decoded.get());
            } else if (!line.text().isBlank() && !line.text().startsWith("Coredump checksum")) {
                damage.add("Damaged after byte %d: a line of the log (at its byte %d) is no base64 and is left out"
                        .formatted(into.size(), line.offset()));
            }
            if (into.size() > ConsoleText.MOST_DUMP_BYTES || damage.size() > ZephyrLog.MOST) {
                throw new FormatException("coredump at 0x%x: more than %d bytes, or than %d broken lines, in one log"
                        .formatted(line.offset(), ConsoleText.MOST_DUMP_BYTES, ZephyrLog.MOST));
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
            if (coredumps.size() + lost.size() == ZephyrLog.MOST) {
                throw new FormatException(
                        "coredump at 0x0: more than %d coredumps in one log".formatted(ZephyrLog.MOST));
            }
            try {
                coredumps.add(EspImage.read(
                        ByteReader.of("coredump of the log", whole.toByteArray()), format, panic, damage, limits));
            } catch (FormatException e) {
                lost.add(String.valueOf(e.getMessage()));
            }
            damage.clear();
            panic = EspPanic.none(limits);
        }

        private Coredump withLost(Coredump coredump) {
            return lost.isEmpty()
                    ? coredump
                    : coredump.withWarning("The log has %d more coredumps that can not be read: %s"
                            .formatted(lost.size(), lost.getFirst()));
        }
    }
}
