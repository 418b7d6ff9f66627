package dev.faultline.cli.examine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.faultline.cli.ExitCode;
import dev.faultline.cli.Fixtures;
import dev.faultline.cli.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExamineTest {
    private static final String CORE =
            Fixtures.core("main-fw-1.0.0-rev-a-unknown-channel").toString();
    private static final String ELF = Fixtures.elf("main-fw-1.0.0-rev-a").toString();

    @Test
    void aGlobalIsPrintedWithItsFileAddressTypeAndValue() {
        Run run = Run.of("examine", "globals", CORE, "full_batches", "--elf", ELF);

        assertThat(run.exitCode()).isZero();
        assertThat(run.out().lines().toList()).hasSize(2).first().asString().endsWith("sensor.c");
        assertThat(run.out())
                .contains("  0x20000034  struct queue full_batches = {")
                .contains("item_size = 4");
    }

    @Test
    void withoutANameEveryGlobalOfTheImageIsPrinted() {
        Run run = Run.of("examine", "globals", CORE, "--elf", ELF);

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("sensor.c\n", "radio.c\n", " full_batches = ");
    }

    @Test
    void aNameThatNoGlobalHasIsSaid() {
        Run run = Run.of("examine", "globals", CORE, "no_such_global", "--elf", ELF);

        assertThat(run.exitCode()).isEqualTo(ExitCode.REFUSED);
        assertThat(run.err()).isEqualTo("faultline: no global is called no_such_global\n");
    }

    @Test
    void memoryIsPrintedInLinesOfSixteenBytesUnderTheGlobalsThatBeginThere() {
        Run run = Run.of("examine", "memory", CORE, "0x20000030", "24", "--elf", ELF);

        assertThat(run.exitCode()).isZero();
        assertThat(run.out().lines().map(line -> line.replaceAll(" +", " ")).toList())
                .satisfiesExactly(
                        line -> assertThat(line).isEqualTo("0x20000030 period.0, 4 bytes"),
                        line -> assertThat(line).isEqualTo("0x20000034 full_batches, 20 bytes"),
                        line -> assertThat(line).startsWith("0x20000030 "),
                        line -> assertThat(line).startsWith("0x20000040 "));
    }

    @Test
    void memoryThatTheDumpDoesNotHaveIsNotZero() throws IOException {
        Run text = Run.of("examine", "memory", CORE, "0x60000000", "32");
        Run json = Run.of("examine", "memory", CORE, "0x60000000", "32", "--json");

        assertThat(text.out()).isEqualTo("0x60000000  32 bytes are not in the dump\n");
        assertThat(new JsonMapper().readTree(json.out()).at("/ranges/0/bytes").isMissingNode())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "elsewhere  | 16    | ADDRESS: found elsewhere, wanted one such as 0x20000000",
                "0x20000000 | 0     | SIZE: found 0, wanted 1 to 65536",
                "0x20000000 | 65537 | SIZE: found 65537, wanted 1 to 65536"
            })
    void aRangeThatCanNotBeMeantIsRefused(String address, String size, String sentence) {
        Run run = Run.of("examine", "memory", CORE, address, size);

        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).isEqualTo("faultline: " + sentence + "\n");
    }

    @Test
    void aCoredumpOfAnotherFormatBecomesAnElfCore(@TempDir Path directory) throws IOException {
        var out = directory.resolve("crash.core");
        var chunk = Path.of("../firmware-fixtures/formats/main-fw-1.2.0-rev-b-unknown-channel.chunk");

        Run run = Run.of("examine", "core", chunk.toString(), out.toString());

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).isEqualTo("%s: %,d bytes%n".formatted(out, Files.size(out)));
        assertThat(Files.readAllBytes(out)).startsWith(0x7f, 'E', 'L', 'F');
    }

    @Test
    void aCoredumpThatTheUploadDoesNotHaveIsSaid() {
        Run run = Run.of("examine", "globals", CORE, "--number", "2");

        assertThat(run.exitCode()).isEqualTo(ExitCode.REFUSED);
        assertThat(run.err()).isEqualTo("faultline: coredump at 0x0: it has 1 coredumps, number 2 is not there\n");
    }
}
