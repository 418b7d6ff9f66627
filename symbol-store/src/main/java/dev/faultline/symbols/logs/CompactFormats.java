package dev.faultline.symbols.logs;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.elf.ElfFile;
import dev.faultline.symbols.elf.Symbol;
import dev.faultline.symbols.unwind.AddressSpace;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The format strings of compact logs: in a section of the debug file that no device has. A log names its format by the
 * distance from the start of all formats.
 */
final class CompactFormats {
    private static final String SECTION = "log_fmt";
    private static final String START = "__start_log_fmt";

    /** Number of arguments, file, line, format string. */
    private static final int FIELDS = 4;

    private final ByteReader section;
    private final long start;
    private final Limits limits;

    private CompactFormats(ByteReader section, long start, Limits limits) {
        this.section = section;
        this.start = start;
        this.limits = limits;
    }

    /** A format string and where its log stands, as {@code sensor.c:41}. */
    record Format(@Nullable String source, String format) {}

    /** Those of the first image that has any. */
    static Optional<CompactFormats> of(AddressSpace space, Limits limits) {
        return space.symbols().modules().stream()
                .flatMap(module -> module.elf().stream())
                .flatMap(elf -> of(elf, limits).stream())
                .findFirst();
    }

    /** Of one image: its symbols are gone through once, not for each crash. */
    private record OfImage(Optional<CompactFormats> formats) {}

    private static Optional<CompactFormats> of(ElfFile elf, Limits limits) {
        return elf.derived(OfImage.class, () -> new OfImage(read(elf, limits))).formats();
    }

    private static Optional<CompactFormats> read(ElfFile elf, Limits limits) {
        try {
            return elf.section(SECTION)
                    .map(section -> new CompactFormats(elf.bytes(section), start(elf, section.address()), limits));
        } catch (FormatException e) {
            return Optional.empty();
        }
    }

    /** From the start of the section; 0 where the linker did not name it. */
    private static long start(ElfFile elf, long section) {
        for (Symbol symbol : elf.symbols()) {
            if (symbol.name().equals(START)) {
                return symbol.address() - section;
            }
        }
        return 0;
    }

    /** The format of a log by its number; empty where there is none. */
    Optional<Format> format(long id) {
        long place = start + id;
        if (place < 0 || place >= section.size()) {
            return Optional.empty();
        }
        try {
            var fields = section.copy().seek(place).string(limits).split(";", FIELDS);
            if (fields.length < FIELDS) {
                return Optional.empty();
            }
            var file = fields[1].substring(Math.max(fields[1].lastIndexOf('/'), fields[1].lastIndexOf('\\')) + 1);
            return Optional.of(new Format(EscapedText.of(file + ":" + fields[2]), fields[3]));
        } catch (FormatException e) {
            return Optional.empty();
        }
    }
}
