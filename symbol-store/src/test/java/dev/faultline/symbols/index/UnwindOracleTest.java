package dev.faultline.symbols.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.symbols.dwarf.CfaRule;
import dev.faultline.symbols.dwarf.RegisterRule;
import dev.faultline.symbols.dwarf.UnwindRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows of call frame information against what readelf prints of them. */
class UnwindOracleTest {

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({
        "flash-dwarf4-os, 0x08000000, 14",
        "flash-dwarf5-o2, 0x08000000, 14",
        "code-at-flash-dwarf4, 0x08000000, 14",
        "x86-64-gcc, 0x400000, 16",
        "aarch64-clang, 0x200000, 30",
        "ppc32be-clang, 0x10000000, 65"
    })
    void everyRowIsTheOneThatReadelfPrints(String elf, String lowest, int returnAddress) throws IOException {
        var expected = new ArrayList<String>();
        var found = new ArrayList<String>();
        try (var index = Fixtures.index(Fixtures.elf(elf), directory)) {
            List<String> columns = List.of();
            for (String line : Files.readAllLines(Fixtures.expected(elf + ".frames"))) {
                String[] words = line.strip().split("\\s+");
                if (line.contains(" FDE ") || line.contains(" CIE ")) {
                    columns = List.of();
                } else if (words[0].equals("LOC")) {
                    columns = List.of(words);
                } else if (!columns.isEmpty() && words.length == columns.size()) {
                    long address = Long.parseUnsignedLong(words[0], 16);
                    if (Long.compareUnsigned(address, Long.decode(lowest)) >= 0) {
                        expected.add(readelf(words, columns));
                        found.add("%x %s"
                                .formatted(
                                        address, text(index.unwindRow(address).orElseThrow(), returnAddress)));
                    }
                }
            }
        }
        assertThat(found).hasSizeGreaterThan(2).isEqualTo(expected);
    }

    /** Offset of the CFA, and where the return address is: registers' names differ by architecture, offsets do not. */
    private static String readelf(String[] words, List<String> columns) {
        long address = Long.parseUnsignedLong(words[0], 16);
        String offset = words[1].replaceFirst(".*\\+", "");
        int ra = columns.indexOf("ra");
        String saved = ra < 0 || words[ra].equals("u") ? "" : words[ra].substring(1);
        return "%x cfa+%s ra%s".formatted(address, offset, saved);
    }

    private static String text(UnwindRow row, int returnAddress) {
        assertThat(row.returnAddressRegister()).isEqualTo(returnAddress);
        String offset = row.cfa() instanceof CfaRule.RegisterOffset cfa ? Long.toString(cfa.offset()) : "exp";
        String saved = row.rules().get(returnAddress) instanceof RegisterRule.SavedAt rule
                ? "%+d".formatted(rule.offset())
                : "";
        return "cfa+%s ra%s".formatted(offset, saved);
    }
}
