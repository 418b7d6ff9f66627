package dev.faultline.symbols.index;

import dev.faultline.symbols.bytes.Limits;
import java.nio.file.Path;

/** ELF files that we built, and what other tools say about them: see firmware-fixtures/symbols/build.sh. */
final class Fixtures {
    private static final Path SYMBOLS = Path.of("../firmware-fixtures/symbols");
    private static final Path FIRMWARE = Path.of("../firmware-fixtures/elf");

    private Fixtures() {}

    static Path elf(String name) {
        return SYMBOLS.resolve("elf").resolve(name + ".elf");
    }

    static Path firmware(String name) {
        return FIRMWARE.resolve(name + ".elf");
    }

    static Path expected(String name) {
        return SYMBOLS.resolve("expected").resolve(name);
    }

    static SymbolIndex index(Path elf, Path directory) {
        Path file = directory.resolve(elf.getFileName() + ".idx");
        SymbolIndex.build(elf, file, Limits.DEFAULT);
        return SymbolIndex.open(file);
    }
}
