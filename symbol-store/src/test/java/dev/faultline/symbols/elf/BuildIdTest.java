package dev.faultline.symbols.elf;

import static dev.faultline.symbols.elf.ElfBuilder.concat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What names a build: notes of all kinds of linkers, and of others that have nothing to do with it. */
class BuildIdTest {

    @ParameterizedTest
    @CsvSource({"fast, 8", "md5, 16", "sha1, 20", "hex1, 1", "hex64, 64"})
    void aBuildIdHasTheBytesThatTheLinkerGaveIt(String kind, int bytes) {
        try (var elf = Fixtures.open(Fixtures.image("build-id-" + kind + ".elf"))) {
            assertThat(elf.gnuBuildId().orElseThrow().hex()).hasSize(2 * bytes);
            assertThat(elf.buildId()).isEqualTo(elf.gnuBuildId().orElseThrow());
            assertThat(elf.diagnostics()).isEmpty();
        }
    }

    @Test
    void anImageWithoutABuildIdIsNamedByItsSha256() throws IOException {
        Path file = Fixtures.image("build-id-none.elf");
        try (var elf = Fixtures.open(file)) {
            assertThat(elf.gnuBuildId()).isEmpty();
            assertThat(elf.buildId()).isEqualTo(BuildId.of(sha256(Files.readAllBytes(file))));
        }
    }

    @Test
    void theSha256OfAFileWithABuildIdIsToBeHadToo() throws IOException {
        Path file = Fixtures.image("build-id-sha1.elf"); // ESP-IDF: app_elf_sha256
        try (var elf = Fixtures.open(file)) {
            assertThat(elf.fileSha256())
                    .isEqualTo(BuildId.of(sha256(Files.readAllBytes(file))))
                    .isNotEqualTo(elf.buildId());
        }
    }

    @Test
    void aBuildIdOfZerosIsNoneAndThatIsSaid() {
        try (var elf = Fixtures.open(Fixtures.image("build-id-zeros.elf"))) {
            assertThat(elf.gnuBuildId()).isEmpty();
            assertThat(elf.buildId()).isEqualTo(elf.fileSha256());
            assertThat(elf.diagnostics()).containsExactly("a GNU build id of 20 bytes, all zeros, is none");
        }
    }

    @Test
    void aBuildIdOfNoOrTooManyBytesIsNoneAndTheNextOneCounts() {
        var builder = ElfBuilder.elf32(ElfHeader.ET_EXEC);
        byte[] tooLong = new byte[65];
        tooLong[3] = 1;
        builder.section(
                ".note",
                Section.SHT_NOTE,
                2,
                concat(builder.note("GNU", 3), builder.note("GNU", 3, tooLong), builder.note("GNU", 3, (byte) 0xab)));
        try (var elf = Fixtures.of(builder.build())) {
            assertThat(elf.gnuBuildId()).contains(new BuildId("ab"));
            assertThat(elf.diagnostics())
                    .containsExactly(
                            "a GNU build id of 0 bytes, all zeros, is none", "a GNU build id of 65 bytes is none");
        }
    }

    @Test
    void notesOfOtherSystemsAreNoBuildIds() {
        var builder = ElfBuilder.elf64(ElfHeader.ET_DYN);
        byte[] version = {3, 0, 0, 0};
        builder.section(
                ".note",
                Section.SHT_NOTE,
                2,
                concat(
                        builder.note("QNX", 3, version),
                        builder.note("FreeBSD", 3, version),
                        builder.note("Android", 3, version),
                        builder.note("Xen", 3, version),
                        builder.note("Linux", 3, version),
                        builder.note("GNU", 1, version),
                        builder.note("gnu", 3, version)));
        try (var elf = Fixtures.of(builder.build())) {
            assertThat(elf.notes()).hasSize(7);
            assertThat(elf.gnuBuildId()).isEmpty();
            assertThat(elf.buildId()).isEqualTo(elf.fileSha256());
            assertThat(elf.diagnostics()).isEmpty();
        }
    }

    @Test
    void theBuildIdOfGoIsATextAndNotTheIdentity() {
        var builder = ElfBuilder.elf64(ElfHeader.ET_EXEC);
        String id = "Jw2Ck_7PfzlVGKIx3Wbd/0-3qEd9ypfSDhk7LMXlO/cMgd5ULB6dXeLcpZMmfy/oVqBhPO9ZIGh4VnOlxRb";
        builder.section(
                ".note.go.buildid", Section.SHT_NOTE, 2, builder.note("Go", 4, id.getBytes(StandardCharsets.UTF_8)));
        try (var elf = Fixtures.of(builder.build())) {
            assertThat(elf.goBuildId()).contains(id);
            assertThat(elf.gnuBuildId()).isEmpty();
            assertThat(elf.buildId()).isEqualTo(elf.fileSha256());
        }
    }

    @Test
    void anOwnersNameMayBeAnything() {
        var builder = ElfBuilder.elf64(ElfHeader.ET_EXEC);
        byte[] id = {1, 2, 3};
        builder.section(
                ".note",
                Section.SHT_NOTE,
                2,
                concat(
                        builder.note("Gerät № 7", 3, id),
                        builder.note(new byte[] {(byte) 0xff, (byte) 0xfe, 0}, 3, id, 4),
                        builder.note(new byte[0], 3, id, 4),
                        builder.note("GNU".getBytes(StandardCharsets.US_ASCII), 3, id, 4))); // without its NUL
        try (var elf = Fixtures.of(builder.build())) {
            assertThat(elf.notes()).extracting(Note::name).containsExactly("Gerät № 7", "\ufffd\ufffd", "", "GNU");
            assertThat(elf.gnuBuildId()).contains(new BuildId("010203"));
        }
    }

    @ParameterizedTest
    @CsvSource({"true, LITTLE_ENDIAN", "true, BIG_ENDIAN", "false, LITTLE_ENDIAN", "false, BIG_ENDIAN"})
    void aBuildIdIsFoundInTheProgramHeadersOfEveryClassAndByteOrder(boolean is64Bit, String order) {
        var builder = new ElfBuilder(
                is64Bit,
                order.equals("BIG_ENDIAN") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN,
                ElfHeader.ET_EXEC,
                Machine.EM_PPC);
        builder.segment(Segment.PT_NOTE, builder.note("GNU", 3, (byte) 0xca, (byte) 0xfe), 4);
        try (var elf = Fixtures.of(builder.build())) {
            assertThat(elf.gnuBuildId()).contains(new BuildId("cafe"));
        }
    }

    @Test
    void notesAlignedToEightBytesAreReadSo() {
        var builder = ElfBuilder.elf64(ElfHeader.ET_EXEC);
        byte[] gnu = {'G', 'N', 'U', 0};
        byte[] property = builder.note(gnu, 5, new byte[] {1, 2, 3, 4}, 8);
        byte[] id = builder.note(gnu, 3, new byte[] {(byte) 0xbe, (byte) 0xef}, 8);
        builder.segment(Segment.PT_NOTE, concat(property, id), 8);
        try (var elf = Fixtures.of(builder.build())) {
            assertThat(elf.gnuBuildId()).contains(new BuildId("beef"));
        }
    }

    @Test
    void aBuildIdInASectionOfAnotherTypeIsFound() {
        var builder = ElfBuilder.elf32(ElfHeader.ET_EXEC);
        builder.section(".note.gnu.build-id", Section.SHT_PROGBITS, 2, builder.note("GNU", 3, (byte) 7));
        try (var elf = Fixtures.of(builder.build())) {
            assertThat(elf.gnuBuildId()).contains(new BuildId("07"));
        }
    }

    @Test
    void sectionsCountBeforeProgramHeadersThatPointAtOtherBytes() {
        var builder = ElfBuilder.elf64(ElfHeader.ET_EXEC);
        builder.segment(Segment.PT_NOTE, builder.note("GNU", 3, (byte) 0xbb), 4);
        builder.section(".note.gnu.build-id", Section.SHT_NOTE, 2, builder.note("GNU", 3, (byte) 0xaa));
        try (var elf = Fixtures.of(builder.build())) {
            assertThat(elf.gnuBuildId()).contains(new BuildId("aa"));
        }
    }

    @Test
    void aBuildIdBehindABrokenNoteOfAnotherRegionIsFoundAndTheDamageSaid() {
        var builder = ElfBuilder.elf64(ElfHeader.ET_EXEC);
        builder.section(".note.broken", Section.SHT_NOTE, 2, new byte[] {4, 0, 0, 0, 99, 0, 0, 0, 1, 0, 0, 0, 'X', 0});
        builder.section(".note.gnu.build-id", Section.SHT_NOTE, 2, builder.note("GNU", 3, (byte) 1, (byte) 2));
        try (var elf = Fixtures.of(builder.build())) {
            assertThat(elf.gnuBuildId()).contains(new BuildId("0102"));
            assertThat(elf.diagnostics())
                    .hasSize(1)
                    .first()
                    .asString()
                    .startsWith("notes: .note.broken")
                    .contains("needs 0x4 bytes");
        }
    }

    @Test
    void aDebugFileHasTheBuildIdOfItsImage() {
        try (var image = Fixtures.open(Fixtures.image("library.stripped.so"));
                var debugFile = Fixtures.open(Fixtures.image("library.debug"));
                var ofElfutils = Fixtures.open(Fixtures.image("library-eu.debug"))) {
            assertThat(image.gnuBuildId()).isPresent();
            assertThat(debugFile.gnuBuildId()).isEqualTo(image.gnuBuildId());
            assertThat(ofElfutils.gnuBuildId()).isEqualTo(image.gnuBuildId());
        }
    }

    @Test
    void aBuildIdThatWasLeftOutOfTheDebugFileIsAbsentThere() {
        var builder = ElfBuilder.elf32(ElfHeader.ET_EXEC);
        builder.section(".note.gnu.build-id", Section.SHT_NOBITS, 2, new byte[0])
                .size(36);
        try (var elf = Fixtures.of(builder.build())) {
            assertThat(elf.gnuBuildId()).isEmpty();
            assertThat(elf.diagnostics()).isEmpty();
        }
    }

    @Test
    void overlappingNotesAreReadOnlySoOften() {
        var builder = ElfBuilder.elf64(ElfHeader.ET_EXEC);
        byte[] notes = new byte[12 * 1_000];
        builder.section(".note", Section.SHT_NOTE, 2, notes);
        for (int i = 0; i < 500; i++) {
            builder.section("", Section.SHT_NOTE, 2, new byte[0]).offset(64).size(notes.length);
        }
        try (var elf = Fixtures.of(builder.build())) {
            assertThat(elf.notes()).hasSizeLessThan(10_000);
            assertThat(elf.diagnostics()).contains("notes overlap beyond reason");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "abc", "xy", "0 1"})
    void whatIsNoBuildIdIsNotParsed(String text) {
        assertThatThrownBy(() -> BuildId.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aBuildIdIsReadInEitherCase() {
        assertThat(BuildId.parse(" AbCd\n")).isEqualTo(new BuildId("abcd"));
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
