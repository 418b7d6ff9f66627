package dev.faultline.cli.symbols;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.cli.ExitCode;
import dev.faultline.cli.Fixtures;
import dev.faultline.cli.Run;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.index.SymbolIndex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DumpTest {
    private static final Path ELF = Fixtures.symbols("code-at-flash-dwarf4.elf");

    @Test
    void anIndexAndTheDebugFileThatItIsOfAreDumpedAlike(@TempDir Path directory) {
        Path index = directory.resolve("image.idx");
        SymbolIndex.build(ELF, index, Limits.DEFAULT);

        Run ofIndex = Run.of("symbols", "dump", index.toString(), "8000028");
        Run ofDebugFile = Run.of("symbols", "dump", ELF.toString(), "0x08000028");

        assertThat(ofIndex).isEqualTo(ofDebugFile);
        assertThat(ofIndex.exitCode()).isZero();
        assertThat(ofIndex.out())
                .contains("symbol index, format " + SymbolIndex.FORMAT_VERSION, "feed 0x8000028 to 0x8000064")
                .doesNotContain("\nprogram 0x");
    }

    @Test
    void withoutAddressesEveryFunctionIsDumped() {
        Run run = Run.of("symbols", "dump", ELF.toString());

        assertThat(run.out()).contains("\nfeed 0x", "\nprogram 0x", "\nchecksum 0x");
    }

    @Test
    void aDamagedIndexIsRefused(@TempDir Path directory) throws IOException {
        Path index = directory.resolve("image.idx");
        SymbolIndex.build(ELF, index, Limits.DEFAULT);
        byte[] bytes = Files.readAllBytes(index);
        bytes[600] ^= 1; // of a function
        Files.write(index, bytes);

        Run run = Run.of("symbols", "dump", index.toString());

        assertThat(run.exitCode()).isEqualTo(ExitCode.REFUSED);
        assertThat(run.err()).startsWith("faultline: ").contains("checksum");
    }

    @Test
    void whatIsNoAddressIsAUsageError() {
        assertThat(Run.of("symbols", "dump", ELF.toString(), "push"))
                .isEqualTo(new Run(ExitCode.USAGE, "", "faultline: not a hexadecimal address: push\n"));
    }
}
