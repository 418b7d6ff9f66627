package dev.faultline.symbols.store;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.dwarf.Companions;
import dev.faultline.symbols.elf.ElfFile;
import dev.faultline.symbols.index.SymbolIndex;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** An image whose file is in the dump itself, indexed for that crash alone. */
public final class DumpedImage {

    private DumpedImage() {}

    /**
     * Its symbols, to be closed after use.
     *
     * @throws FormatException when it is no ELF image, or one that a crash wrote over
     */
    public static ModuleSymbols symbols(String name, ByteReader file, Limits limits) {
        var elf = ElfFile.of(file, limits);
        try {
            var index = index(elf, limits);
            return new ModuleSymbols(name, index, elf, Companions.NONE, () -> {
                index.close();
                elf.close();
            });
        } catch (RuntimeException e) {
            elf.close();
            throw e;
        }
    }

    private static SymbolIndex index(ElfFile elf, Limits limits) {
        try {
            Path directory = Files.createTempDirectory("faultline-dumped");
            Path file = directory.resolve("image.idx");
            try {
                SymbolIndex.build(elf, Companions.NONE, file, limits);
                return SymbolIndex.open(file);
            } finally { // an open index stays mapped without its name
                Files.deleteIfExists(file);
                Files.delete(directory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
