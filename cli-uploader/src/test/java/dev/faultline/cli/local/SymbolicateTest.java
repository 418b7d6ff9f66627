package dev.faultline.cli.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.cli.ExitCode;
import dev.faultline.cli.Fixtures;
import dev.faultline.cli.Run;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SymbolicateTest {
    private static final String ELF = Fixtures.elf("main-fw-1.0.0-rev-a").toString();

    @Test
    void anAddressIsAnsweredAsAddr2lineWouldWithTheCallsItWasInlinedInto() {
        Run run = Run.of("symbolicate", "--elf", ELF, "0x8e0");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out().replaceAll(":(\\d+):\\d+\n", ":$1\n")).isEqualTo("""
                        0x8e0: apply at firmware/firmware/filter.c:30
                         (inlined by) update_reading at firmware/firmware/filter.c:52
                        """);
    }

    @Test
    void anAddressOutsideOfEveryFunctionIsAnsweredAsUnknown() {
        assertThat(Run.of("symbolicate", "--elf", ELF, "0xfffffff0"))
                .isEqualTo(new Run(0, "0xfffffff0: ?? at ??:0\n", ""));
        assertThat(Run.of("symbolicate", "--json", "--elf", ELF, "0xfffffff0"))
                .isEqualTo(new Run(0, "{\"address\":\"0xfffffff0\",\"frames\":[]}\n", ""));
    }

    @Test
    void jsonIsOneObjectALineAsInTheServicesLookup() {
        Run run = Run.of("symbolicate", "--json", "--elf", ELF, "0x000008e0");

        assertThat(run.out().replaceAll("\"column\":\\d+", "\"column\":0")).isEqualTo("""
                        {"address":"0x000008e0","frames":[\
                        {"function":"apply","file":"firmware/firmware/filter.c","line":30,"column":0,"inlined":true},\
                        {"function":"update_reading","file":"firmware/firmware/filter.c","line":52,"column":0,"inlined":false}]}
                        """);
    }

    @Test
    void addressesComeFromStandardInputAndABadWordLosesNothingElse() {
        Run run = Run.withInput("bec 0x8e1\nreset!\n0x0000092c\n", "symbolicate", "--elf", ELF, "-");

        assertThat(run.exitCode()).isEqualTo(ExitCode.REFUSED);
        assertThat(run.out())
                .contains("0xbec: queue_receive at firmware/firmware/kernel.c:217")
                // bit 0 of an ARM address is the instruction set, as in a return address
                .contains("0x8e1: apply at firmware/firmware/filter.c:30")
                // the instruction itself, as addr2line; as a return address it would be line 71
                .contains("0x0000092c: filter_batch at firmware/firmware/filter.c:69");
        assertThat(run.err()).isEqualTo("faultline: line 2: not a hexadecimal address: reset!\n");
    }

    @Test
    void anArgumentThatIsNoAddressIsAUsageError() {
        assertThat(Run.of("symbolicate", "--elf", ELF, "main"))
                .isEqualTo(new Run(ExitCode.USAGE, "", "faultline: not a hexadecimal address: main\n"));
        assertThat(Run.of("symbolicate", "0x8e0").exitCode()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void aFileThatIsNoElfIsRefusedWithItsName(@TempDir Path directory) throws Exception {
        Path text = Files.writeString(directory.resolve("notes.txt"), "not an ELF file, far from it");

        Run run = Run.of("symbolicate", "--elf", text.toString(), "0x8e0");

        assertThat(run.exitCode()).isEqualTo(ExitCode.REFUSED);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("faultline: ").contains("notes.txt").doesNotContain("\tat ");
    }
}
