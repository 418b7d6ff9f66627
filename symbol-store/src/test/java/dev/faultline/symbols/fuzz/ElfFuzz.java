package dev.faultline.symbols.fuzz;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.elf.ElfFile;

/** A whole file. */
public final class ElfFuzz {
    private ElfFuzz() {}

    public static void fuzzerTestOneInput(byte[] file) {
        try (var elf = ElfFile.of(ByteReader.of("fuzz", file), Limits.DEFAULT)) {
            elf.buildId();
            elf.notes();
            Found.indexAndAsk(elf);
        } catch (FormatException refused) {
            return;
        }
    }
}
