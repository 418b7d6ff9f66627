package dev.faultline.symbols.coredump;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Optional;

/** The base64 lines of an ESP-IDF coredump that somebody copied out of a console without the banners. */
public record EspBase64() implements CoredumpFormat {
    /** Lines that are looked at to tell it. */
    private static final int TELLING = 3;

    /** A line holds 48 bytes; more than that is another kind of file. */
    private static final int LINE_CHARACTERS = 128;

    @Override
    public String name() {
        return "esp-idf-base64";
    }

    @Override
    public String description() {
        return "the base64 lines of an ESP-IDF coredump";
    }

    @Override
    public boolean begins(ByteReader file) {
        if (!ConsoleText.isText(file)) {
            return false;
        }
        int seen = 0;
        var first = new ByteArrayOutputStream(); // newer versions write the header as a line of its own
        for (var line : ConsoleText.lines(file)) {
            if (line.text().isBlank()) {
                continue;
            }
            boolean digits = line.text().length() <= LINE_CHARACTERS
                    && line.text().chars().allMatch(EspConsole::isBase64);
            var bytes = digits ? EspConsole.decode(line.text()) : Optional.<byte[]>empty();
            if (bytes.isEmpty()) {
                return false;
            }
            first.writeBytes(bytes.get());
            if (++seen == TELLING) {
                break;
            }
        }
        return EspHeader.begins(ByteReader.of("first lines", first.toByteArray()));
    }

    @Override
    public List<Coredump> parse(ByteReader file, Limits limits) {
        var bytes = new ByteArrayOutputStream();
        for (var line : ConsoleText.lines(file)) {
            EspConsole.decode(line.text()).ifPresent(bytes::writeBytes);
            if (bytes.size() > ConsoleText.MOST_DUMP_BYTES) {
                throw new FormatException("coredump at 0x%x: more than %d bytes of base64"
                        .formatted(line.offset(), ConsoleText.MOST_DUMP_BYTES));
            }
        }
        return List.of(EspImage.read(
                ByteReader.of("coredump in base64", bytes.toByteArray()),
                name(),
                EspPanic.none(limits),
                List.of(),
                limits));
    }
}
