package dev.faultline.symbols.fuzz;

import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.dwarf.Companions;
import dev.faultline.symbols.elf.ElfFile;
import dev.faultline.symbols.index.SymbolIndex;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What is done with every file: an index is built, and asked about all that it may hold. */
final class Found {
    private static final int MOST_ADDRESSES = 2_000;
    private static final Path INDEX = temporary();

    private Found() {}

    static void indexAndAsk(ElfFile elf) {
        try {
            SymbolIndex.build(elf, Companions.NONE, INDEX, Limits.DEFAULT, 1);
        } catch (FormatException refused) {
            return;
        }
        try (var index = SymbolIndex.open(INDEX)) {
            index.verify();
            ask(index);
        }
    }

    static void ask(SymbolIndex index) {
        int left = MOST_ADDRESSES;
        for (var range : index.text()) {
            for (long i = 0; i < range.size() && left > 0; i++, left--) {
                long address = range.start() + i;
                index.lookup(address);
                index.alternates(address);
                index.entry(address);
                index.data(address);
                index.unwindRow(address);
            }
        }
        index.function("feed");
        index.data("crc_table");
    }

    private static Path temporary() {
        try {
            Path file = Files.createTempFile("fuzz", ".idx");
            file.toFile().deleteOnExit();
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
