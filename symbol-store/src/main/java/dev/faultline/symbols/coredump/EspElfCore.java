package dev.faultline.symbols.coredump;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.Limits;
import java.util.ArrayList;
import java.util.List;

/** An ESP-IDF coredump whose ELF core somebody has already taken out of its partition. */
public record EspElfCore() implements CoredumpFormat {

    @Override
    public String name() {
        return "esp-idf-elf-core";
    }

    @Override
    public String description() {
        return "an ESP-IDF core file";
    }

    @Override
    public boolean begins(ByteReader file) {
        return EspElfPayload.begins(file);
    }

    @Override
    public List<Coredump> parse(ByteReader file, Limits limits) {
        return List.of(
                EspElfPayload.read(file.copy().seek(0), 0, name(), EspPanic.none(limits), new ArrayList<>(), limits));
    }
}
