package dev.faultline.symbols.coredump;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.Limits;
import java.util.List;

/** The coredump partition of an ESP-IDF device: header, payload, checksum, and erased flash behind them. */
public record EspCoredump() implements CoredumpFormat {
    private static final long ERASED = 0xffff_ffffL;

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
        return isErased(file) || EspHeader.begins(file.seek(0));
    }

    private static boolean isErased(ByteReader file) {
        return file.size() >= 4 && file.seek(0).u32() == ERASED;
    }

    @Override
    public List<Coredump> parse(ByteReader file, Limits limits) {
        if (isErased(file.copy())) {
            throw file.error("the partition is erased (ff ff ff ff): no coredump is in it");
        }
        return List.of(EspImage.read(file.copy(), name(), EspPanic.none(limits), List.of(), limits));
    }
}
