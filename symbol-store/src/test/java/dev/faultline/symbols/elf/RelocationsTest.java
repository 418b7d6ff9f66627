package dev.faultline.symbols.elf;

import static dev.faultline.symbols.elf.ElfBuilder.concat;
import static dev.faultline.symbols.elf.ElfBuilder.relocation;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.FormatException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RelocationsTest {

    /** The oracle is the linker of each processor, told to put the sections at the same addresses. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "aarch64",
                "aarch64-clang",
                "arm",
                "arm-be",
                "arm-clang",
                "i386",
                "mips",
                "mips64el",
                "ppc",
                "ppc64",
                "riscv32",
                "riscv64",
                "x86-64",
                "xtensa"
            })
    void anObjectReadsAsTheLinkerWouldFillItIn(String name) {
        try (var object = Fixtures.open(Fixtures.object(name + ".o"));
                var linked = Fixtures.open(Fixtures.object(name + ".linked"))) {
            int compared = 0;
            for (Section section : object.sections()) {
                var counterpart = linked.section(section.name()).orElse(null);
                if (counterpart == null
                        || section.isCode()
                        || section.name().startsWith(".ARM.exidx") // edited by the linker: see below
                        || !(section.is(Section.SHF_ALLOC) || section.name().startsWith(".debug"))) {
                    continue;
                }
                assertThat(section.address()).as(section.name()).isEqualTo(counterpart.address());
                assertThat(Fixtures.bytes(object.bytes(section)))
                        .as(section.name())
                        .isEqualTo(Fixtures.bytes(linked.bytes(counterpart)));
                compared++;
            }
            assertThat(compared).isGreaterThan(8);
            assertThat(object.diagnostics()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"arm", "arm-be", "arm-clang"})
    void entriesOfTheExceptionTableOfArmPointAtTheirFunctions(String name) {
        try (var object = Fixtures.open(Fixtures.object(name + ".o"))) {
            var functions = new ArrayList<Long>();
            for (Symbol symbol : object.symbols()) {
                if (symbol.isFunction()) {
                    functions.add(symbol.address());
                }
            }
            var pointedAt = new ArrayList<Long>();
            for (Section section : object.sections()) {
                if (section.type() == Section.SHT_ARM_EXIDX) {
                    var in = object.bytes(section);
                    while (in.hasRemaining()) {
                        long place = section.address() + in.position();
                        pointedAt.add(place + ((in.u32() << 33) >> 33));
                        in.skip(4);
                    }
                }
            }
            assertThat(pointedAt).hasSizeGreaterThan(4).isSubsetOf(functions);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "x86-64-zdebug.o, x86-64.o",
        "ppc-zlib.o, ppc.o",
        "ppc-zdebug.o, ppc.o",
        "ppc-zstd.o, ppc.o",
        "ppc64-zlib.o, ppc64.o",
        "arm-zstd.o, arm.o"
    })
    void packedSectionsAreUnpackedBeforeTheyAreRelocated(String packed, String plain) {
        try (var one = Fixtures.open(Fixtures.object(packed));
                var two = Fixtures.open(Fixtures.object(plain))) {
            for (String name : List.of("info", "line", "abbrev")) {
                String oldName = one.section(".debug_" + name).isPresent() ? ".debug_" : ".zdebug_";
                assertThat(Fixtures.bytes(one, oldName + name))
                        .isEqualTo(Fixtures.bytes(two, ".debug_" + name))
                        .isNotEmpty();
            }
        }
    }

    @Test
    void aLinkedImageIsNotRelocatedAgainThoughItHasRelocations() {
        try (var elf = Fixtures.open(Fixtures.image("emit-relocs.elf"))) {
            assertThat(elf.section(".rela.debug_info")).isPresent();
            var info = elf.section(".debug_info").orElseThrow();
            var stored = Fixtures.read(Fixtures.image("emit-relocs.elf"));
            assertThat(Fixtures.bytes(elf.bytes(info)))
                    .isEqualTo(Arrays.copyOfRange(stored, (int) info.offset(), (int) (info.offset() + info.size())));
        }
    }

    @Test
    void theMainCodeOfAnObjectIsAtZeroAndTheRestBehindIt() {
        try (var object = Fixtures.open(Fixtures.object("x86-64.o"))) {
            var text = object.section(".text").orElseThrow();
            var init = object.section(".init.text").orElseThrow();
            assertThat(text.address()).isZero();
            assertThat(init.address()).isGreaterThanOrEqualTo(text.size());
            for (Symbol symbol : object.symbols()) {
                if (symbol.name().equals("start")) {
                    assertThat(symbol.address()).isEqualTo(init.address());
                }
            }
            var loaded = object.sections().stream()
                    .filter(section -> section.is(Section.SHF_ALLOC) && section.size() > 0)
                    .toList();
            for (Section one : loaded) {
                assertThat(loaded.stream().filter(other -> other.contains(one.address())))
                        .containsExactly(one);
            }
        }
    }

    @Test
    void theFirstSectionWithCodeIsTheMainOneWhereTextIsEmpty() {
        var builder = ElfBuilder.elf64(ElfHeader.ET_REL);
        builder.section(".text", Section.SHT_PROGBITS, 6, new byte[0]);
        builder.section(".rodata", Section.SHT_PROGBITS, 2, new byte[3]).alignment(4);
        builder.section(".text.second", Section.SHT_PROGBITS, 6, new byte[5]).alignment(16);
        builder.section(".text.third", Section.SHT_PROGBITS, 6, new byte[8]).alignment(16);
        try (var object = Fixtures.of(builder.build())) {
            assertThat(object.section(".text.second").orElseThrow().address()).isZero();
            assertThat(object.section(".text.third").orElseThrow().address()).isEqualTo(16);
            assertThat(object.section(".rodata").orElseThrow().address()).isEqualTo(24);
        }
    }

    @Test
    void anAlignmentThatIsNoneIsSaid() {
        var builder = ElfBuilder.elf64(ElfHeader.ET_REL);
        builder.section(".text", Section.SHT_PROGBITS, 6, new byte[4]).alignment(3);
        builder.section(".data", Section.SHT_PROGBITS, 2, new byte[4]).alignment(1L << 62);
        try (var object = Fixtures.of(builder.build())) {
            assertThat(object.diagnostics())
                    .containsExactly(
                            "section 1 (.text): sh_addralign 0x3 taken as 1",
                            "section 2 (.data): sh_addralign 0x4000000000000000 taken as 1");
        }
    }

    @Test
    void sectionsThatDoNotFitTheAddressSpaceAreRefused() {
        var builder = ElfBuilder.elf32(ElfHeader.ET_REL);
        builder.section(".bss", Section.SHT_NOBITS, 2, new byte[0]).size(0xc000_0000L);
        builder.section(".more", Section.SHT_NOBITS, 2, new byte[0]).size(0xc000_0000L);

        assertThatThrownBy(() -> Fixtures.of(builder.build()))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("section 2 (.more) of 0xc0000000 bytes has no room behind 0xc0000000");
    }

    @Test
    void constantsOfAnObjectAreReadRelocatedAndItsCodeNotAtAll() {
        try (var object = Fixtures.open(Fixtures.object("i386.o"))) {
            long address = 0;
            for (Symbol symbol : object.symbols()) {
                if (symbol.name().equals("filters")) {
                    address = symbol.address();
                }
            }
            var filters = object.readOnly(address, 8).orElseThrow();
            assertThat(List.of(filters.u32(), filters.u32()))
                    .isEqualTo(List.of(
                            symbol(object, "clamp").address(),
                            symbol(object, "halve").address()));
            assertThat(object.readOnly(symbol(object, "take").address(), 4))
                    .as("the calls in it lead nowhere yet")
                    .isEmpty();
        }
    }

    @Test
    void aPairOfUlebRelocationsGivesTheDifferenceInTheLengthThatIsThere() {
        // LLVM's and newer GNU assemblers' DW_LNS_advance_pc and DW_FORM_udata for RISC-V
        var object = riscV(
                new byte[] {(byte) 0x80, (byte) 0x80, 0x00, 0x55},
                concat(relocation(0, 2, 60, 0x300), relocation(0, 1, 61, 0)));

        assertThat(object).containsExactly(0x80 + 0x04, 0x80 + 0x06, 0x00, 0x55); // 0x304
    }

    @Test
    void lowerSixBitsAreSetAndSubtractedAndTheOthersStay() {
        var object = riscV(new byte[] {0x40, (byte) 0xc5}, concat(relocation(0, 2, 53, 7), relocation(0, 1, 52, 1)));

        assertThat(object).containsExactly(0x40 | (4 + 7 - 1), 0xc5);
    }

    private static int[] riscV(byte[] contents, byte[] relocations) {
        var builder = new ElfBuilder(true, ByteOrder.LITTLE_ENDIAN, ElfHeader.ET_REL, Machine.EM_RISCV);
        builder.section(".text", Section.SHT_PROGBITS, 6, new byte[16]);
        builder.section(".debug_line", Section.SHT_PROGBITS, 0, contents);
        builder.section(
                        ".symtab",
                        Section.SHT_SYMTAB,
                        0,
                        concat(
                                builder.symbol(0, 0, 0, 0, 0),
                                builder.symbol(0, 0, 1, 0, 0),
                                builder.symbol(0, 0, 1, 4, 0)))
                .link(0);
        builder.section(".rela.debug_line", Section.SHT_RELA, 0, relocations)
                .link(3)
                .info(2);
        try (var elf = Fixtures.of(builder.build())) {
            byte[] bytes = Fixtures.bytes(elf, ".debug_line");
            assertThat(elf.diagnostics()).isEmpty();
            var unsigned = new int[bytes.length];
            for (int i = 0; i < bytes.length; i++) {
                unsigned[i] = bytes[i] & 0xff;
            }
            return unsigned;
        }
    }

    @Test
    void anUnknownTypeIsSaidAndTheOthersAreApplied() {
        var elf = Fixtures.of(withRelocations(
                relocation(0, 1, 99, 1), relocation(8, 1, 1, 0x20), relocation(0, 1, 99, 1), relocation(12, 1, 1, 0)));

        var info = elf.bytes(elf.section(".debug_info").orElseThrow());
        assertThat(info.u64()).isZero();
        assertThat(info.u64()).isEqualTo(0x1020);
        assertThat(elf.diagnostics())
                .containsExactly(
                        ".debug_info: 2 relocations of type 99 for x86-64 are not known and not applied",
                        ".debug_info: 1 relocations of a place or symbol that is not there");
        elf.close();
    }

    @Test
    void moreRelocationsThanTheLimitAreRefused() {
        byte[] file = withRelocations(relocation(0, 1, 1, 0), relocation(0, 1, 1, 0), relocation(0, 1, 1, 0));
        try (var elf = ElfFile.of(ByteReader.of("file", file), Fixtures.limits("relocations", 2))) {
            var info = elf.section(".debug_info").orElseThrow();
            assertThatThrownBy(() -> elf.bytes(info))
                    .isInstanceOf(FormatException.class)
                    .hasMessageContaining("3 relocations are more than the limit leaves");
        }
    }

    @Test
    void aTableOfRelocationsWithoutSymbolsIsRefused() {
        var builder = ElfBuilder.elf64(ElfHeader.ET_REL);
        builder.section(".debug_info", Section.SHT_PROGBITS, 0, new byte[16]);
        builder.section(".rela.debug_info", Section.SHT_RELA, 0, relocation(0, 1, 1, 0))
                .link(77)
                .info(1);
        try (var elf = Fixtures.of(builder.build())) {
            var info = elf.section(".debug_info").orElseThrow();
            assertThatThrownBy(() -> elf.bytes(info))
                    .isInstanceOf(FormatException.class)
                    .hasMessageContaining("links to section 77, which is no symbol table");
        }
    }

    private static byte[] withRelocations(byte[]... relocations) {
        var builder = ElfBuilder.elf64(ElfHeader.ET_REL);
        builder.section(".debug_info", Section.SHT_PROGBITS, 0, new byte[16]);
        builder.section(".text", Section.SHT_PROGBITS, 6, new byte[16]);
        builder.section(
                ".symtab",
                Section.SHT_SYMTAB,
                0,
                concat(builder.symbol(0, 0, 0, 0, 0), builder.symbol(0, 0, 2, 0x1000, 0)));
        builder.section(".rela.debug_info", Section.SHT_RELA, 0, concat(relocations))
                .link(3)
                .info(1);
        return builder.build();
    }

    private static Symbol symbol(ElfFile elf, String name) {
        for (Symbol symbol : elf.symbols()) {
            if (symbol.name().equals(name)) {
                return symbol;
            }
        }
        throw new AssertionError("no symbol " + name);
    }
}
