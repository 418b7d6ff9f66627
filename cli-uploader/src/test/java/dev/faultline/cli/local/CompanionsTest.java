package dev.faultline.cli.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.cli.ExitCode;
import dev.faultline.cli.Fixtures;
import dev.faultline.cli.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files that are not one file: what {@code symbolicate} finds by itself, what it is given, and what it misses. */
class CompanionsTest {

    @Test
    void aStrippedImageFindsItsDebugFileByTheNameThatItHas() {
        assertThat(symbolicate(List.of(Fixtures.symbols("separate.elf")), "separate.elf"))
                .isEqualTo(symbolicate(List.of(Fixtures.symbols("aarch64-gcc.elf")), "separate.elf"))
                .contains("ring.c");
    }

    @ParameterizedTest
    @CsvSource({"separate.elf, separate.debug", "separate.debug, separate.elf"})
    void aStrippedImageAndItsDebugFileAreOneInEitherOrder(String first, String second, @TempDir Path directory)
            throws IOException {
        Path apart = Files.createDirectory(directory.resolve("apart"));
        var files = List.of(Fixtures.alone(first, directory), Fixtures.alone(second, apart));

        assertThat(symbolicate(files, "separate.elf"))
                .isEqualTo(symbolicate(List.of(Fixtures.symbols("aarch64-gcc.elf")), "separate.elf"));
    }

    @Test
    void aDebugFileIsFoundByItsBuildIdInAFolderOfDebugFiles(@TempDir Path directory) throws IOException {
        Path image = Fixtures.alone("separate.elf", directory);
        Path root = directory.resolve("debug");
        Path place = root.resolve(".build-id/70/e6a747696ab3a7533e94650eac703b280455df.debug");
        Files.createDirectories(place.getParent());
        Files.copy(Fixtures.symbols("separate.debug"), place);

        assertThat(symbolicate(List.of(image), "separate.elf")).doesNotContain("ring.c");
        assertThat(symbolicate(List.of(image), "separate.elf", "--debug-dir", root.toString()))
                .contains("ring.c");
    }

    @ParameterizedTest
    @CsvSource({"packed-gcc-dwarf4", "packed-clang-dwarf5"})
    void aPackageOfSplitUnitsIsFoundBesideTheImageOrInAFolder(String name, @TempDir Path directory) throws IOException {
        Path image = Fixtures.alone(name + ".elf", directory);
        Path root = Files.createDirectory(directory.resolve("debug"));
        String without = symbolicate(List.of(image), name);
        Files.copy(Fixtures.symbols(name + ".elf.dwp"), root.resolve(name + ".elf.dwp"));
        String withFolder = symbolicate(List.of(image), name, "--debug-dir", root.toString());

        assertThat(without).doesNotContain("(inlined by)");
        assertThat(withFolder).contains("push at ", "(inlined by) feed at ");
        assertThat(symbolicate(List.of(Fixtures.symbols(name + ".elf")), name)).isEqualTo(withFolder);
    }

    @ParameterizedTest
    @CsvSource({"split-gcc-dwarf4", "split-gcc-dwarf5", "split-clang-dwarf5"})
    void splitUnitsAreFoundBesideTheImage(String name) {
        assertThat(symbolicate(List.of(Fixtures.symbols(name + ".elf")), name)).contains("(inlined by) feed at ");
    }

    @Test
    void whatDwzSharesIsFoundByItsName() {
        assertThat(symbolicate(List.of(Fixtures.symbols("dwz-alternate.elf")), "dwz-alternate"))
                .contains("(inlined by) ");
    }

    @Test
    void addressesOfTwoImagesAreNotMixed() {
        Run run = Run.of(
                "symbolicate",
                "--elf",
                Fixtures.symbols("separate.elf").toString(),
                "--elf",
                Fixtures.symbols("dwz.elf").toString(),
                "0x1000");

        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("separate.elf is build 70e6a747", "dwz.elf is build ");
    }

    @Test
    void aPartOfAnImageIsNotAnImage() {
        Run run = Run.of(
                "symbolicate",
                "--elf",
                Fixtures.symbols("packed-gcc-dwarf4.elf.dwp").toString(),
                "0x1000");

        assertThat(run.exitCode()).isEqualTo(ExitCode.REFUSED);
        assertThat(run.err()).contains("packed-gcc-dwarf4.elf.dwp: a package of split units");
    }

    /** All even addresses of the fixture's code. */
    private static String symbolicate(List<Path> files, String image, String... options) {
        long start = image.startsWith("separate") ? 0x400180 : image.contains("clang") ? 0x2011d0 : 0x401000;
        var arguments = new ArrayList<String>(List.of("symbolicate"));
        files.forEach(file -> arguments.addAll(List.of("--elf", file.toString())));
        arguments.addAll(List.of(options));
        for (long address = start; address < start + 0x220; address += 2) {
            arguments.add("0x%x".formatted(address));
        }
        Run run = Run.of(arguments.toArray(String[]::new));
        assertThat(run.exitCode()).as(run.err()).isZero();
        return run.out();
    }
}
