package dev.faultline.symbols.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.elf.AlternateLink;
import dev.faultline.symbols.elf.BuildId;
import dev.faultline.symbols.elf.ElfFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileCompanionsTest {
    private static final Path SYMBOLS = Path.of("../firmware-fixtures/symbols");
    private static final Path IMAGES = SYMBOLS.resolve("images");

    @TempDir
    private Path directory;

    private Path folder;
    private Path root;

    @BeforeEach
    void makeFolders() throws IOException {
        folder = Files.createDirectories(directory.resolve("usr/lib"));
        root = Files.createDirectories(directory.resolve("debug"));
    }

    @Test
    void aDebugFileIsFoundByBuildId() throws IOException {
        copy("library.stripped.so", folder.resolve("library.so"));
        String id = buildId(IMAGES.resolve("library.debug")).hex();
        Path debugFile = copy(
                "library.debug", root.resolve(".build-id/%s/%s.debug".formatted(id.substring(0, 2), id.substring(2))));

        try (var found = open("library.so")) {
            assertThat(found.debugFile()).contains(debugFile);
            assertThat(found.elf().section(".debug_info")).isPresent();
            assertThat(found.elf().section(".text").map(found.elf()::bytes))
                    .hasValueSatisfying(text -> assertThat(text.size()).isPositive());
            assertThat(found.diagnostics()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"library.debug", ".debug/library.debug"})
    void aDebugFileIsFoundByItsNameBesideTheImage(String place) throws IOException {
        copy("library.stripped.so", folder.resolve("library.so"));
        Path debugFile = copy("library.debug", folder.resolve(place));

        try (var found = open("library.so")) {
            assertThat(found.debugFile()).contains(debugFile);
        }
    }

    @Test
    void aDebugFileIsFoundByItsNameInTheSameFolderBelowARoot() throws IOException {
        copy("library.stripped.so", folder.resolve("library.so"));
        Path debugFile = copy(
                "library.debug",
                root.resolve(folder.toAbsolutePath().toString().substring(1)).resolve("library.debug"));

        try (var found = open("library.so")) {
            assertThat(found.debugFile()).contains(debugFile);
        }
    }

    @Test
    void aDebugFileOfAnotherBuildIsNotTakenAndThatIsSaid() throws IOException {
        copy("library.stripped.so", folder.resolve("library.so"));
        copy("library-prelinked.debug", folder.resolve("library.debug"));

        try (var found = open("library.so")) {
            assertThat(found.debugFile()).isEmpty();
            assertThat(found.elf().section(".debug_info")).isEmpty();
            assertThat(found.diagnostics())
                    .hasSize(1)
                    .first()
                    .asString()
                    .startsWith(folder.resolve("library.debug") + ": not of the same build")
                    .contains("70726531");
        }
    }

    @Test
    void withoutBuildIdsTheChecksumOfTheDebugLinkDecides() throws IOException {
        Path image = copy("library.stripped.so", folder.resolve("library.so"));
        Path debugFile = copy("library.debug", folder.resolve("library.debug"));
        // an owner of the note that is not GNU: both files are without a build id, and the debug file has another CRC
        hideBuildId(image);
        hideBuildId(debugFile);
        try (var found = open("library.so")) {
            assertThat(found.debugFile()).isEmpty();
            assertThat(found.diagnostics()).hasSize(1).first().asString().contains("its CRC-32 is 0x", ", wanted 0x");
        }

        Files.copy(IMAGES.resolve("library.debug"), debugFile, StandardCopyOption.REPLACE_EXISTING);
        try (var found = open("library.so")) {
            assertThat(found.debugFile()).contains(debugFile);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "packed-clang-dwarf5.elf, packed-clang-dwarf5.elf.dwp",
        "packed-gcc-dwarf4.elf, packed-gcc-dwarf4.elf.dwp",
        "split-gcc-dwarf5.elf, split-gcc-dwarf5-names.dwo split-gcc-dwarf5-ring.dwo split-gcc-dwarf5-start-host.dwo",
        "dwz-alternate.elf, dwz-alternate.common",
        "separate.elf, separate.debug",
        "x86-64-gcc.elf, ''"
    })
    void allThatAFileRefersToIsFound(String image, String companions) {
        Path elf = SYMBOLS.resolve("elf");
        var wanted = Stream.of(companions.split(" ", -1))
                .filter(name -> !name.isEmpty())
                .map(name -> elf.resolve(name).toAbsolutePath().normalize())
                .toList();

        try (var found = FileCompanions.open(elf.resolve(image), List.of(), Limits.DEFAULT)) {
            assertThat(found.all().stream().map(path -> path.toAbsolutePath().normalize()))
                    .containsExactlyInAnyOrderElementsOf(wanted);
        }
    }

    @Test
    void anImageWithDebuggingInformationNeedsNoOtherFile() throws IOException {
        copy("library.so", folder.resolve("library.so"));
        copy("library.debug", folder.resolve("library.debug"));

        try (var found = open("library.so")) {
            assertThat(found.debugFile()).isEmpty();
            assertThat(found.elf().section(".debug_info")).isPresent();
        }
    }

    @Test
    void whatIsNoElfFileIsPassedOver() throws IOException {
        copy("library.stripped.so", folder.resolve("library.so"));
        Files.writeString(folder.resolve("library.debug"), "not what the name says");
        Path debugFile = copy("library.debug", folder.resolve(".debug/library.debug"));

        try (var found = open("library.so")) {
            assertThat(found.debugFile()).contains(debugFile);
            assertThat(found.diagnostics()).hasSize(1).first().asString().contains("not an ELF file");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void theCommonFileOfSeveralIsFoundBesideThem(int version) throws IOException {
        copy("alternate-%d.so".formatted(version), folder.resolve("library.so"));
        copy("common-%d.debug".formatted(version), folder.resolve("common-%d.debug".formatted(version)));

        try (var found = open("library.so")) {
            var link = found.elf().alternateLink().orElseThrow();
            assertThat(found.alternate(link)).isPresent();
            assertThat(found.alternate(link)).as("opened once").isEqualTo(found.alternate(link));
            assertThat(found.alternate(new AlternateLink(link.name(), new BuildId("0102"))))
                    .isEmpty();
            assertThat(found.diagnostics()).hasSize(1).first().asString().endsWith("wanted 0102");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {".dwz/common-4.debug", ".build-id"})
    void theCommonFileOfSeveralIsFoundBelowARoot(String place) throws IOException {
        copy("alternate-4.so", folder.resolve("library.so"));
        String id = buildId(IMAGES.resolve("common-4.debug")).hex();
        copy(
                "common-4.debug",
                root.resolve(
                        place.equals(".build-id")
                                ? ".build-id/%s/%s.debug".formatted(id.substring(0, 2), id.substring(2))
                                : place));

        try (var found = open("library.so")) {
            var link = found.elf().alternateLink().orElseThrow();
            assertThat(found.alternate(new AlternateLink("../../elsewhere/" + link.name(), link.buildId())))
                    .isPresent();
        }
    }

    @Test
    void splitFilesAreFoundWhereTheyWereCompiledOrBesideTheImage() throws IOException {
        copy("library.so", folder.resolve("library.so"));
        Path build = Files.createDirectories(directory.resolve("build"));
        copy("library.so", build.resolve("objects/one.dwo"));
        copy("library.so", folder.resolve("two.dwo"));

        try (var found = open("library.so")) {
            assertThat(found.split("objects/one.dwo", build.toString(), 1)).isPresent();
            assertThat(found.split("objects/two.dwo", build.toString(), 1)).isPresent();
            assertThat(found.split(folder.resolve("two.dwo").toString(), "/nowhere", 1))
                    .isPresent();
            assertThat(found.split("objects/three.dwo", build.toString(), 1)).isEmpty();
            assertThat(found.split("a\0b", "\0", 1)).isEmpty();
        }
    }

    @Test
    void aPackageOfSplitFilesLiesBesideTheImage() throws IOException {
        copy("library.so", folder.resolve("library.so"));
        try (var found = open("library.so")) {
            assertThat(found.splitPackage()).isEmpty();
        }

        copy("library.so", folder.resolve("library.so.dwp"));
        try (var found = open("library.so")) {
            assertThat(found.splitPackage()).isPresent();
        }
    }

    @Test
    void anImageIsNotItsOwnCompanion() throws IOException {
        copy("library.stripped.so", folder.resolve("library.debug"));

        try (var found = open("library.debug")) {
            assertThat(found.debugFile()).isEmpty();
            assertThat(found.split("library.debug", folder.toString(), 1)).isEmpty();
            assertThat(found.diagnostics()).isEmpty();
        }
    }

    private FileCompanions open(String image) {
        return FileCompanions.open(folder.resolve(image), List.of(root), Limits.DEFAULT);
    }

    private static Path copy(String image, Path to) throws IOException {
        Path parent = to.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        return Files.copy(IMAGES.resolve(image), to);
    }

    private static BuildId buildId(Path file) {
        try (var elf = ElfFile.open(file, Limits.DEFAULT)) {
            return elf.buildId();
        }
    }

    private static void hideBuildId(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        try (var elf = ElfFile.open(file, Limits.DEFAULT)) {
            int at = (int) elf.section(".note.gnu.build-id").orElseThrow().offset();
            bytes[at + 12] = 'X';
        }
        Files.write(file, bytes);
    }
}
