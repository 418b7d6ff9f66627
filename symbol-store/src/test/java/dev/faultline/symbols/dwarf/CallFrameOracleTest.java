package dev.faultline.symbols.dwarf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.elf.ElfFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every row of call frame information of every ELF file of the fixtures is the one that readelf and llvm-dwarfdump agree
 * on; {@link UnwindDifference} wrote what they say.
 */
class CallFrameOracleTest {
    private static final Path FIXTURES = Path.of("../firmware-fixtures");

    static Stream<Path> expectations() throws IOException {
        try (var files = Files.list(FIXTURES.resolve("symbols/expected/rows"))) {
            return files.sorted(Comparator.naturalOrder()).toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("expectations")
    void everyRowIsTheOneThatTheToolsAgreeOn(Path expectation) throws IOException {
        var expected = Files.readAllLines(expectation);
        var found = new ArrayList<String>();
        UnwindDifference.Ours ours;
        try (var elf = ElfFile.open(elf(expectation), Limits.DEFAULT)) {
            ours = UnwindDifference.ours(elf);
        }
        UnwindTools.Entry entry = null;
        for (String line : expected) {
            String[] words = line.split(" ", 2);
            long address = Long.parseUnsignedLong(words[0], 16);
            if (!words[1].startsWith("cfa=")) {
                var range = new UnwindDifference.Range(address, Long.parseUnsignedLong(words[1], 16));
                entry = ours.entries().getOrDefault(range, new ArrayDeque<>()).remove();
                found.add(line);
            } else if (entry != null) {
                var row = entry.at(address);
                found.add("%x %s".formatted(address, row == null ? "nothing" : row.cfa()));
            }
        }
        assertThat(found).isEqualTo(expected);
        assertThat(ours.diagnostics()).isEmpty();
    }

    private static Path elf(Path expectation) {
        String name = expectation.getFileName().toString().replace(".rows", "");
        var symbols = FIXTURES.resolve("symbols/elf").resolve(name);
        return Files.exists(symbols) ? symbols : FIXTURES.resolve("elf").resolve(name);
    }
}
