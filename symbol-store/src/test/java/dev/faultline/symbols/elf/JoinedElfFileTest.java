package dev.faultline.symbols.elf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.faultline.symbols.bytes.FormatException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A stripped image with its debug file, against the image before it was split. */
class JoinedElfFileTest {

    @ParameterizedTest
    @CsvSource({
        "library.stripped.so, library.debug, library.so",
        "library.debug, library.stripped.so, library.so",
        "library-eu.stripped.so, library-eu.debug, library.so",
        "library-eu.debug, library-eu.stripped.so, library.so",
        "library-arm.stripped.so, library-arm.debug, library-arm.so",
        "library-arm.debug, library-arm.stripped.so, library-arm.so",
        "library-ppc.stripped.so, library-ppc.debug, library-ppc.so"
    })
    void twoHalvesReadAsTheWhole(String first, String second, String before) {
        try (var joined = ElfFile.joined(Fixtures.open(Fixtures.image(first)), Fixtures.open(Fixtures.image(second)));
                var whole = Fixtures.open(Fixtures.image(before))) {
            for (Section section : whole.sections()) {
                if (List.of("", ".symtab", ".strtab", ".shstrtab").contains(section.name())) {
                    continue;
                }
                var found = joined.section(section.name()).orElseThrow();
                assertThat(found.address()).as(section.name()).isEqualTo(section.address());
                assertThat(Fixtures.bytes(joined.bytes(found)))
                        .as(section.name())
                        .isEqualTo(Fixtures.bytes(whole.bytes(section)));
            }
            assertThat(ElfFileTest.functions(joined)).isEqualTo(ElfFileTest.functions(whole));
            for (Symbol symbol : joined.symbols()) {
                if (symbol.isFunction() && symbol.section() > 0) {
                    assertThat(joined.sections().get(symbol.section()).name()).isEqualTo(".text");
                }
            }
            assertThat(joined.segments())
                    .extracting(Segment::address, Segment::memorySize)
                    .containsExactlyElementsOf(whole.segments().stream()
                            .map(segment -> tuple(segment.address(), segment.memorySize()))
                            .toList());
            assertThat(joined.gnuBuildId()).isEqualTo(whole.gnuBuildId());
            assertThat(joined.diagnostics()).isEmpty();
        }
    }

    @Test
    void sectionsKeepTheirIndicesAndLinks() {
        try (var joined = ElfFile.joined(
                Fixtures.open(Fixtures.image("library-arm.stripped.so")),
                Fixtures.open(Fixtures.image("library-arm.debug")))) {
            for (int i = 0; i < joined.sections().size(); i++) {
                assertThat(joined.sections().get(i).index()).isEqualTo(i);
            }
            var exceptions = joined.section(".ARM.exidx").orElseThrow();
            assertThat(joined.sections().get((int) exceptions.link()).name()).isEqualTo(".text");
            var dynamic = joined.section(".dynsym").orElseThrow();
            assertThat(joined.sections().get((int) dynamic.link()).name()).isEqualTo(".dynstr");
        }
    }

    @Test
    void codeIsReadableThoughTheSymbolsAreTheDebugFiles() {
        try (var joined = ElfFile.joined(
                        Fixtures.open(Fixtures.image("library.debug")),
                        Fixtures.open(Fixtures.image("library.stripped.so")));
                var whole = Fixtures.open(Fixtures.image("library.so"))) {
            long mix = ElfFileTest.functions(joined).getOrDefault("mix", -1L);
            assertThat(Fixtures.bytes(joined.readOnly(mix, 8).orElseThrow()))
                    .isEqualTo(Fixtures.bytes(whole.readOnly(mix, 8).orElseThrow()));
        }
    }

    @Test
    void aPrelinkedImageIsMovedToWhereItsDebugFileIs() {
        try (var joined = ElfFile.joined(
                        Fixtures.open(Fixtures.image("library-prelinked.so")),
                        Fixtures.open(Fixtures.image("library-prelinked.debug")));
                var debugFile = Fixtures.open(Fixtures.image("library-prelinked.debug"))) {
            assertThat(ElfFileTest.functions(joined))
                    .isEqualTo(ElfFileTest.functions(debugFile))
                    .containsKey("mix");
            var text = joined.section(".text").orElseThrow();
            assertThat(text.type()).isEqualTo(Section.SHT_PROGBITS);
            assertThat(text.address())
                    .isEqualTo(debugFile.section(".text").orElseThrow().address())
                    .isLessThan(0x10000);
            assertThat(joined.segments().getFirst().address()).isZero();
            assertThat(joined.diagnostics())
                    .hasSize(1)
                    .first()
                    .asString()
                    .matches("\\.(plt|text) is at 0x[0-9a-f]+ in one file and at 0x41[0-9a-f]+ in the other: moved");
        }
    }

    @Test
    void debuggingInformationForOtherAddressesThanTheSymbolsIsRefused() {
        var image = ElfBuilder.elf32(ElfHeader.ET_EXEC);
        image.section(".text", Section.SHT_PROGBITS, 6, new byte[16]).at(0x41000);
        image.section(".symtab", Section.SHT_SYMTAB, 0, new byte[32]).link(3);
        image.section(".strtab", Section.SHT_STRTAB, 0, new byte[1]);
        var debugFile = ElfBuilder.elf32(ElfHeader.ET_EXEC);
        debugFile
                .section(".text", Section.SHT_NOBITS, 6, new byte[0])
                .at(0x1000)
                .size(16);
        debugFile.section(".debug_info", Section.SHT_PROGBITS, 0, new byte[4]);
        try (var one = Fixtures.of(image.build());
                var two = Fixtures.of(debugFile.build())) {
            assertThatThrownBy(() -> ElfFile.joined(one, two))
                    .isInstanceOf(FormatException.class)
                    .hasMessage(
                            ".text is at 0x41000 in the file with symbols and at 0x1000 in the one with debugging information");
        }
    }

    @Test
    void anImageThatHasAllIsNotMadeWorseByItsDebugFile() {
        try (var joined = ElfFile.joined(
                        Fixtures.open(Fixtures.image("library.so")), Fixtures.open(Fixtures.image("library.debug")));
                var whole = Fixtures.open(Fixtures.image("library.so"))) {
            assertThat(ElfFileTest.functions(joined)).isEqualTo(ElfFileTest.functions(whole));
            assertThat(Fixtures.bytes(joined, ".debug_info")).isEqualTo(Fixtures.bytes(whole, ".debug_info"));
            assertThat(Fixtures.bytes(joined, ".text")).isEqualTo(Fixtures.bytes(whole, ".text"));
        }
    }

    @Test
    void miniDebugInfoStandsInForTheSymbolsThatADebugFileLacks() {
        var debugFile = ElfBuilder.elf64(ElfHeader.ET_DYN);
        debugFile.section(".debug_info", Section.SHT_PROGBITS, 0, new byte[] {1, 2, 3});
        try (var joined =
                ElfFile.joined(Fixtures.open(Fixtures.image("library-mini.so")), Fixtures.of(debugFile.build()))) {
            assertThat(ElfFileTest.functions(joined)).containsKeys("mix", "slot", "store", "find");
            assertThat(Fixtures.bytes(joined, ".debug_info")).containsExactly(1, 2, 3);
        }
    }

    @Test
    void filesOfTwoBuildsAreNotJoined() {
        try (var one = Fixtures.open(Fixtures.image("library.stripped.so"));
                var two = Fixtures.open(Fixtures.image("library-prelinked.debug"))) {
            assertThatThrownBy(() -> ElfFile.joined(one, two))
                    .isInstanceOf(FormatException.class)
                    .hasMessageMatching("not of the same build: build id [0-9a-f]{40} and 70726531");
        }
    }

    @Test
    void filesForTwoProcessorsAreNotJoined() {
        try (var one = Fixtures.open(Fixtures.image("library.stripped.so"));
                var two = Fixtures.open(Fixtures.image("library-ppc.debug"))) {
            assertThatThrownBy(() -> ElfFile.joined(one, two))
                    .isInstanceOf(FormatException.class)
                    .hasMessageContaining("x86-64 of 64 bits and a debug file for powerpc of 32 bits");
        }
    }

    @Test
    void aSectionOfAnotherSizeOrPlaceThanTheRestIsLeftOut() {
        var image = ElfBuilder.elf32(ElfHeader.ET_EXEC);
        image.section(".text", Section.SHT_PROGBITS, 6, new byte[16]).at(0x1000);
        image.section(".rodata", Section.SHT_PROGBITS, 2, new byte[16]).at(0x2000);
        image.section(".eh_frame", Section.SHT_PROGBITS, 2, new byte[16]).at(0x3000);
        var debugFile = ElfBuilder.elf32(ElfHeader.ET_EXEC);
        debugFile
                .section(".text", Section.SHT_NOBITS, 6, new byte[0])
                .at(0x1000)
                .size(16);
        debugFile
                .section(".rodata", Section.SHT_NOBITS, 2, new byte[0])
                .at(0x2000)
                .size(20);
        debugFile
                .section(".eh_frame", Section.SHT_NOBITS, 2, new byte[0])
                .at(0x3004)
                .size(16);
        debugFile.section(".symtab", Section.SHT_SYMTAB, 0, new byte[32]).link(5);
        debugFile.section(".strtab", Section.SHT_STRTAB, 0, new byte[1]);
        try (var joined = ElfFile.joined(Fixtures.of(image.build()), Fixtures.of(debugFile.build()))) {
            assertThat(joined.section(".text").orElseThrow().type()).isEqualTo(Section.SHT_PROGBITS);
            assertThat(joined.section(".rodata").orElseThrow().type()).isEqualTo(Section.SHT_NOBITS);
            assertThat(joined.section(".eh_frame").orElseThrow().type()).isEqualTo(Section.SHT_NOBITS);
            assertThat(joined.diagnostics())
                    .containsExactly(
                            ".rodata has 0x14 bytes in one file and 0x10 in the other: left out",
                            ".eh_frame is 0x4 from its place and the code 0x0: left out");
        }
    }

    @Test
    void programHeadersThatDisagreeAreSaid() {
        var image = ElfBuilder.elf32(ElfHeader.ET_EXEC);
        image.segment(Segment.PT_LOAD, 5, 0x1000, new byte[16]);
        image.section(".text", Section.SHT_PROGBITS, 6, new byte[16]).at(0x1000);
        var debugFile = ElfBuilder.elf32(ElfHeader.ET_EXEC);
        debugFile.segment(Segment.PT_LOAD, 5, 0x1000, new byte[24]);
        debugFile
                .section(".text", Section.SHT_NOBITS, 6, new byte[0])
                .at(0x1000)
                .size(16);
        try (var joined = ElfFile.joined(Fixtures.of(image.build()), Fixtures.of(debugFile.build()))) {
            assertThat(joined.diagnostics())
                    .containsExactly("the program headers load other memory in one file than in the other");
        }
    }

    @Test
    void theFileOfTheDeviceIsTheImage() {
        try (var image = Fixtures.open(Fixtures.image("library.stripped.so"));
                var joined = ElfFile.joined(
                        Fixtures.open(Fixtures.image("library.debug")),
                        Fixtures.open(Fixtures.image("library.stripped.so")))) {
            assertThat(joined.fileSha256()).isEqualTo(image.fileSha256());
        }
    }
}
