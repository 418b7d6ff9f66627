package dev.faultline.symbols.coredump;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.Limits;
import java.util.List;

/** The coredump partition of an ESP-IDF device: header, payload, checksum, and erased flash behind them. */
public record EspCoredump() implements CoredumpFormat {

    @Override
    public String name() {
        return "esp-idf-coredump";
    }

    @Override
    public String description() {
        return "an ESP-IDF coredump partition";
    }

    @Override
    public boolean begins(ByteReader file) {
        return EspHeader.begins(file.seek(0));
    }

    @Override
    public List<Coredump> parse(ByteReader file, Limits limits) {
        return List.of(EspImage.read(file.copy(), name(), EspPanic.none(limits), List.of(), limits));
    }
}
