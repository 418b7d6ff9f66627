package dev.faultline.symbols.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Assertions;

/** Real files, damaged: an index that answers, or a FormatException, and that soon. */
class HostileElfTest {
    private static final List<String> ELF = List.of(
            "flash-dwarf4-os",
            "flash-dwarf5-o2",
            "code-at-zero-dwarf5",
            "x86-64-gcc",
            "x86-64-gcc-zlib",
            "aarch64-clang");
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Map<String, byte[]> CONTENTS = new ConcurrentHashMap<>();

    @Property(tries = 300)
    void damagedBytesGiveAnIndexOrAFormatException(
            @ForAll @IntRange(max = 5) int file,
            @ForAll @Size(min = 1, max = 12) List<@IntRange(min = 0, max = 1 << 20) Integer> places,
            @ForAll byte value)
            throws IOException {
        byte[] bytes = contents(ELF.get(file)).clone();
        for (int place : places) {
            bytes[place % bytes.length] = value;
        }
        tryToIndex(bytes);
    }

    @Property(tries = 100)
    void aFileThatBreaksOffGivesAnIndexOrAFormatException(
            @ForAll @IntRange(max = 5) int file, @ForAll @IntRange(min = 0, max = 1 << 20) int length)
            throws IOException {
        byte[] bytes = contents(ELF.get(file));
        tryToIndex(Arrays.copyOf(bytes, length % bytes.length));
    }

    private static void tryToIndex(byte[] bytes) throws IOException {
        Path elf = Files.createTempFile("hostile", ".elf");
        Path index = Files.createTempFile("hostile", ".idx");
        try {
            Files.write(elf, bytes);
            indexAndLook(elf, index);
        } finally {
            Files.delete(elf);
            Files.delete(index);
        }
    }

    private static void indexAndLook(Path elf, Path index) {
        Assertions.assertTimeoutPreemptively(PATIENCE, () -> {
            try {
                SymbolIndex.build(elf, index, Limits.DEFAULT);
            } catch (FormatException refused) {
                assertThat(refused.getMessage()).isNotBlank();
                return;
            }
            lookEverywhere(index);
        });
    }

    private static void lookEverywhere(Path file) {
        try (var index = SymbolIndex.open(file)) {
            for (var range : index.text()) {
                for (int i = 0; i < 1_000; i++) {
                    long address = range.start() + i;
                    for (var frame : index.lookup(address)) {
                        assertThat(frame.function()).isNotNull();
                    }
                    index.function(address);
                    index.data(address);
                    index.unwindRow(address);
                }
            }
            index.function("program");
            index.data("queue");
        }
    }

    private static byte[] contents(String name) {
        return CONTENTS.computeIfAbsent(name, key -> {
            try {
                return Files.readAllBytes(Fixtures.elf(key));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }
}
