package dev.faultline.symbols.logs;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.elf.Section;
import dev.faultline.symbols.unwind.AddressSpace;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Texts that end with NUL, by their addresses: in the dump, in an image, or in what an image keeps for its log alone. */
final class ImageStrings {
    /** Where Zephyr puts format strings that no device has. */
    private static final List<String> LOG_SECTIONS = List.of("log_strings", ".log_strings");

    private static final int LONGEST = 4096;

    private final AddressSpace space;

    ImageStrings(AddressSpace space) {
        this.space = space;
    }

    /** The text there; empty where there is none, or no end of it. */
    Optional<String> at(long address) {
        var text = new ByteArrayOutputStream();
        for (int i = 0; i < LONGEST; i++) {
            var one = space.unsigned(address + i, 1);
            if (one.isEmpty()) {
                return inLogSections(address);
            }
            if (one.getAsLong() == 0) {
                return Optional.of(text.toString(StandardCharsets.UTF_8));
            }
            text.write((int) one.getAsLong());
        }
        return Optional.empty();
    }

    /** These sections are not part of the image, so nothing else looks there. */
    private Optional<String> inLogSections(long address) {
        for (var module : space.symbols().modules()) {
            long linked = module.linked(address);
            for (var name : LOG_SECTIONS) {
                var text = module.elf()
                        .flatMap(elf -> elf.section(name)
                                .filter(section -> holds(section, linked))
                                .flatMap(section -> text(elf.bytes(section), linked - section.address())));
                if (text.isPresent()) {
                    return text;
                }
            }
        }
        return Optional.empty();
    }

    private static boolean holds(Section section, long address) {
        return section.type() != Section.SHT_NOBITS
                && Long.compareUnsigned(address - section.address(), section.size()) < 0;
    }

    private static Optional<String> text(ByteReader section, long offset) {
        var text = new ByteArrayOutputStream();
        var in = section.copy().seek(Math.min(offset, section.size()));
        while (in.hasRemaining() && text.size() < LONGEST) {
            int one = in.u8();
            if (one == 0) {
                return Optional.of(text.toString(StandardCharsets.UTF_8));
            }
            text.write(one);
        }
        return Optional.empty();
    }
}
