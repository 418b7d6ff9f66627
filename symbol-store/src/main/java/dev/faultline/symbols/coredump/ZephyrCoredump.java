package dev.faultline.symbols.coredump;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.Limits;
import java.util.List;

/** The coredump of Zephyr as its bytes are, from memory, a file or any other of its backends. */
public record ZephyrCoredump() implements CoredumpFormat {
    static final String NAME = "zephyr-coredump";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        return "a Zephyr coredump (ZE)";
    }

    @Override
    public boolean begins(ByteReader file) {
        return ZephyrImage.begins(file.seek(0));
    }

    @Override
    public List<Coredump> parse(ByteReader file, Limits limits) {
        return List.of(ZephyrImage.read(file.copy().seek(0), NAME, ZephyrConsole.NOTHING, List.of(), limits));
    }
}
