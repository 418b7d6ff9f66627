package dev.faultline.symbols.elf;

import static dev.faultline.symbols.elf.ElfBuilder.concat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.FormatException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.zip.CRC32;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

class ElfFileTest {
    private static final List<Path> DAMAGED = List.of(
            Fixtures.image("library.so"),
            Fixtures.image("library.debug"),
            Fixtures.image("library-mini.so"),
            Fixtures.image("library-arm.sections-stripped.so"),
            Fixtures.image("library-sysv-hash.sections-stripped.so"),
            Fixtures.image("alternate-5.so"),
            Fixtures.image("build-id-hex64.elf"),
            Fixtures.object("riscv64.o"),
            Fixtures.object("mips64el.o"),
            Fixtures.object("ppc-zstd.o"),
            Fixtures.object("arm.o"));

    @ParameterizedTest
    @CsvSource({
        "x86-64.o, 64, little, 1, x86-64",
        "i386.linked, 32, little, 2, x86",
        "ppc.linked, 32, big, 2, powerpc",
        "ppc64.o, 64, big, 1, powerpc64",
        "mips.o, 32, big, 1, mips",
        "arm-be.o, 32, big, 1, arm",
        "riscv64.linked, 64, little, 2, riscv",
        "xtensa.o, 32, little, 1, xtensa",
        "aarch64.o, 64, little, 1, aarch64"
    })
    void bothClassesAndByteOrdersAreRead(String name, int bits, String order, int type, String machine) {
        try (var elf = Fixtures.open(Fixtures.object(name))) {
            var header = elf.header();
            assertThat(8 * header.addressSize()).isEqualTo(bits);
            assertThat(header.order()).isEqualTo(order.equals("big") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
            assertThat(header.type()).isEqualTo(type);
            assertThat(Machine.name(header.machine())).isEqualTo(machine);
            assertThat(names(elf)).contains("take", "start", "stop");
            assertThat(elf.diagnostics()).isEmpty();
        }
    }

    @Test
    void whatIsNoElfFileSaysSo() {
        assertThatThrownBy(() -> Fixtures.of("MZ, something else".getBytes(StandardCharsets.US_ASCII)))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("not an ELF file");
        assertThatThrownBy(() -> Fixtures.of(new byte[0])).isInstanceOf(FormatException.class);
    }

    @Test
    void aTruncatedHeaderSaysWhereItStopped() {
        byte[] file = Arrays.copyOf(Fixtures.read(Fixtures.image("library.so")), 40);

        assertThatThrownBy(() -> Fixtures.of(file))
                .isInstanceOf(FormatException.class)
                .hasMessage("ELF header at 0x0+0x28: needs 0x8 bytes, 0x0 left");
    }

    @ParameterizedTest
    @CsvSource({
        "4, 7, 'EI_CLASS 7, wanted 1 (32 bits) or 2 (64 bits)'",
        "5, 9, 'EI_DATA 9, wanted 1 (little-endian) or 2 (big-endian)'",
        "54, 1, 'e_phentsize 1'",
        "58, 1, 'e_shentsize 1'",
        "62, 200, 'e_shstrndx 200 of'"
    })
    void aHeaderThatCanNotBeIsRefusedWithItsField(int at, int value, String message) {
        byte[] file = Fixtures.read(Fixtures.image("library.so"));
        file[at] = (byte) value;

        assertThatThrownBy(() -> Fixtures.of(file))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining(message);
    }

    @Test
    void countsBeyondTheLimitsAreRefused() {
        var builder = ElfBuilder.elf64(ElfHeader.ET_EXEC);
        builder.segment(Segment.PT_LOAD, 5, 0x1000, new byte[4]).segment(Segment.PT_LOAD, 5, 0x2000, new byte[4]);
        builder.section(".symtab", Section.SHT_SYMTAB, 0, new byte[24 * 10]);
        byte[] file = builder.build();

        assertThatThrownBy(() -> ElfFile.of(ByteReader.of("file", file), Fixtures.limits("sections", 2)))
                .hasMessageContaining("number of section headers 3 exceeds the limit of 2");
        assertThatThrownBy(() -> ElfFile.of(ByteReader.of("file", file), Fixtures.limits("segments", 1)))
                .hasMessageContaining("number of program headers 2 exceeds the limit of 1");
        try (var elf = ElfFile.of(ByteReader.of("file", file), Fixtures.limits("symbols", 9))) {
            assertThatThrownBy(elf::symbols).hasMessageContaining("number of symbols 10 exceeds the limit of 9");
        }
    }

    @Test
    void anImageWhoseSegmentIsLargerThanItsMemoryIsRefusedAndACoreIsNot() {
        byte[] image = ElfBuilder.elf64(ElfHeader.ET_EXEC)
                .segment(Segment.PT_LOAD, 5, 0x1000, new byte[4])
                .build();
        image[64 + 40] = 1; // p_memsz
        byte[] core = image.clone();
        core[16] = ElfHeader.ET_CORE;

        assertThatThrownBy(() -> Fixtures.of(image))
                .isInstanceOf(FormatException.class)
                .hasMessage("program header at 0x40+0x38: p_filesz 0x4 exceeds p_memsz 0x1");
        try (var elf = Fixtures.of(core)) {
            assertThat(elf.diagnostics())
                    .containsExactly("program header at 0x40+0x38: p_filesz 0x4 exceeds p_memsz 0x1");
            assertThat(elf.bytes(elf.segments().getFirst()).size()).isEqualTo(4);
        }
    }

    @Test
    void aCoreThatBrokeOffKeepsItsSegments() {
        var builder = ElfBuilder.elf32(ElfHeader.ET_CORE);
        builder.segment(Segment.PT_LOAD, 6, 0x2000_0000, new byte[64]);
        byte[] file = builder.build();
        byte[] cut = Arrays.copyOf(file, 52 + 32 + 20);
        try (var elf = Fixtures.of(cut)) {
            assertThat(elf.sections()).isEmpty();
            assertThat(elf.bytes(elf.segments().getFirst()).size()).isEqualTo(20);
            assertThat(elf.diagnostics()).hasSize(1).first().asString().contains("lie behind the end of the file");
        }
    }

    // Counts that do not fit the ELF header

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void moreSectionsThanTheHeaderCanCountAreCountedInSectionHeaderZero(boolean is64Bit) {
        var builder = new ElfBuilder(is64Bit, ByteOrder.BIG_ENDIAN, ElfHeader.ET_EXEC, Machine.EM_PPC).extendedCounts();
        builder.segment(Segment.PT_LOAD, 5, 0x1000, new byte[16]);
        for (int i = 0; i < 66_000; i++) {
            builder.section(i == 65_500 ? ".text" : "", Section.SHT_PROGBITS, i == 65_500 ? 6 : 0, new byte[0])
                    .at(0x1000)
                    .size(i == 65_500 ? 16 : 0);
        }
        byte[] names = {0, 'f', 0};
        builder.section(
                        ".symtab",
                        Section.SHT_SYMTAB,
                        0,
                        concat(builder.symbol(0, 0, 0, 0, 0), builder.symbol(1, 0x12, Symbol.SHN_XINDEX, 0x1004, 4)))
                .link(builder.next());
        builder.section(".strtab", Section.SHT_STRTAB, 0, names);
        builder.section(".symtab_shndx", 18, 0, new byte[] {0, 0, 0, 0, 0, 0, (byte) 0xff, (byte) 0xdd}) // 65,501
                .link(builder.next() - 3L);
        byte[] file = builder.build();
        try (var elf = Fixtures.of(file)) {
            assertThat(elf.sections()).hasSize(66_000 + 5);
            assertThat(elf.segments()).hasSize(1);
            var symbols = new ArrayList<Symbol>();
            elf.symbols().forEach(symbols::add);
            assertThat(symbols.getLast())
                    .isEqualTo(new Symbol("f", 0x1004, 4, Symbol.STT_FUNC, Symbol.STB_GLOBAL, 65_501));
            assertThat(elf.sections().get(65_501).isCode()).isTrue();
        }
    }

    @Test
    void anExtendedIndexThatIsMissingIsNoSection() {
        var builder = ElfBuilder.elf64(ElfHeader.ET_EXEC);
        builder.section(
                        ".symtab",
                        Section.SHT_SYMTAB,
                        0,
                        concat(builder.symbol(0, 0, 0, 0, 0), builder.symbol(0, 0x12, Symbol.SHN_XINDEX, 0x1004, 4)))
                .link(0);
        try (var elf = Fixtures.of(builder.build())) {
            assertThat(elf.symbols()).last().extracting(Symbol::section).isEqualTo(Symbol.RESERVED);
        }
    }

    // Images without section headers

    @ParameterizedTest
    @CsvSource({
        "library-gnu-hash, library.so",
        "library-sysv-hash, library-sysv.so",
        "library-aarch64, library-aarch64.so",
        "library-arm, library-arm.so",
        "library-ppc, library-ppc.so"
    })
    void anImageWithoutSectionHeadersHasItsDynamicSymbolsAndBuildId(String stripped, String whole) {
        try (var elf = Fixtures.open(Fixtures.image(stripped + ".sections-stripped.so"));
                var full = Fixtures.open(Fixtures.image(whole))) {
            assertThat(elf.header().sections()).isZero();
            assertThat(elf.diagnostics()).isEmpty();
            var wanted = new TreeMap<>(functions(full));
            wanted.keySet().retainAll(List.of("store", "find"));
            assertThat(functions(elf)).isEqualTo(wanted).hasSize(2);
            assertThat(elf.gnuBuildId()).isPresent().isEqualTo(full.gnuBuildId());
            for (Symbol symbol : elf.symbols()) {
                if (symbol.isFunction()) {
                    assertThat(elf.sections().get(symbol.section()).isCode()).isTrue();
                    assertThat(elf.readOnly(symbol.address(), symbol.size()))
                            .map(Fixtures::bytes)
                            .contains(Fixtures.bytes(full.readOnly(symbol.address(), symbol.size())
                                    .orElseThrow()));
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "library-gnu-hash, library.so, .eh_frame",
        "library-aarch64, library-aarch64.so, .eh_frame",
        "library-ppc, library-ppc.so, .eh_frame",
        "library-arm, library-arm.so, .ARM.exidx"
    })
    void anImageWithoutSectionHeadersHasItsUnwindTables(String stripped, String whole, String table) {
        try (var elf = Fixtures.open(Fixtures.image(stripped + ".sections-stripped.so"));
                var full = Fixtures.open(Fixtures.image(whole))) {
            var found = elf.section(table).orElseThrow();
            var wanted = full.section(table).orElseThrow();
            assertThat(found.address()).isEqualTo(wanted.address());
            assertThat(Fixtures.bytes(elf.bytes(found))).startsWith(Fixtures.bytes(full.bytes(wanted)));
            assertThat(found.size() - wanted.size()).isBetween(0L, 4L); // the terminator
        }
    }

    @Test
    void theCodeOfAnImageWithoutSectionHeadersIsWhatItsExecutableSegmentsLoad() {
        var builder = ElfBuilder.elf32(ElfHeader.ET_EXEC);
        builder.segment(Segment.PT_LOAD, Segment.PF_R | Segment.PF_X, 0x0800_0000, new byte[32])
                .segment(Segment.PT_LOAD, Segment.PF_R | Segment.PF_W, 0x2000_0000, new byte[8]);
        byte[] file = builder.build();
        Arrays.fill(file, 32, 36, (byte) 0); // e_shoff
        try (var elf = Fixtures.of(file)) {
            assertThat(elf.sections().stream().filter(Section::isCode))
                    .extracting(Section::address, Section::size)
                    .containsExactly(tuple(0x0800_0000L, 32L));
            assertThat(elf.symbols()).isEmpty();
        }
    }

    @Test
    void placesOfDynamicSymbolsThatAreNowhereAreSaid() {
        byte[] file = Fixtures.read(Fixtures.image("library-gnu-hash.sections-stripped.so"));
        try (var whole = Fixtures.of(file)) {
            for (Segment segment : whole.segments()) {
                if (segment.type() == Segment.PT_DYNAMIC) {
                    for (int at = (int) segment.offset(); at < segment.offset() + segment.fileSize(); at += 16) {
                        if (file[at] == 6) { // DT_SYMTAB
                            file[at + 15] = 0x7f;
                        }
                    }
                }
            }
        }
        try (var elf = Fixtures.of(file)) {
            assertThat(elf.symbols()).isEmpty();
            assertThat(elf.diagnostics()).hasSize(1).first().asString().contains("no segment loads .dynsym at 0x7f");
        }
    }

    // MiniDebugInfo

    @Test
    void aStrippedImageHasTheSymbolsOfItsMiniDebugInfo() {
        try (var elf = Fixtures.open(Fixtures.image("library-mini.so"));
                var full = Fixtures.open(Fixtures.image("library.so"))) {
            assertThat(elf.section(".symtab")).isEmpty();
            assertThat(functions(elf)).isEqualTo(functions(full)).containsKeys("mix", "slot", "store", "find");
            for (Symbol symbol : elf.symbols()) {
                if (symbol.isFunction() && symbol.section() > 0) {
                    assertThat(elf.sections().get(symbol.section()).name()).isEqualTo(".text");
                }
            }
            assertThat(elf.diagnostics()).isEmpty();
        }
    }

    @Test
    void miniDebugInfoThatDoesNotUnpackLeavesTheDynamicSymbols() {
        byte[] file = Fixtures.read(Fixtures.image("library-mini.so"));
        try (var whole = Fixtures.of(file)) {
            int at = (int) whole.section(".gnu_debugdata").orElseThrow().offset();
            file[at + 40] ^= 0x55;
        }
        try (var elf = Fixtures.of(file)) {
            assertThat(functions(elf)).containsOnlyKeys("store", "find");
            assertThat(elf.diagnostics())
                    .hasSize(1)
                    .first()
                    .asString()
                    .contains(".gnu_debugdata", "does not decompress");
        }
    }

    @Test
    void miniDebugInfoMayNotBecomeMoreThanAllowed() {
        byte[] file = Fixtures.read(Fixtures.image("library-mini.so"));
        try (var elf = ElfFile.of(ByteReader.of("file", file), Fixtures.limits("decompressedBytes", 100L))) {
            assertThat(functions(elf)).containsOnlyKeys("store", "find");
            assertThat(elf.diagnostics()).hasSize(1).first().asString().contains("becomes more than 0x64 bytes");
        }
    }

    @Test
    void miniDebugInfoInsideMiniDebugInfoIsNotLookedFor() throws IOException {
        var innermost = withSymbol("innermost");
        var middle = ElfBuilder.elf64(ElfHeader.ET_EXEC);
        middle.section(".gnu_debugdata", Section.SHT_PROGBITS, 0, xz(innermost));
        var outer = ElfBuilder.elf64(ElfHeader.ET_EXEC);
        outer.section(".gnu_debugdata", Section.SHT_PROGBITS, 0, xz(middle.build()));
        var once = ElfBuilder.elf64(ElfHeader.ET_EXEC);
        once.section(".gnu_debugdata", Section.SHT_PROGBITS, 0, xz(innermost));
        try (var nested = Fixtures.of(outer.build());
                var simple = Fixtures.of(once.build())) {
            assertThat(nested.symbols()).isEmpty();
            assertThat(simple.symbols()).extracting(Symbol::name).contains("innermost");
        }
    }

    private static byte[] withSymbol(String name) {
        var builder = ElfBuilder.elf64(ElfHeader.ET_EXEC);
        builder.section(
                        ".symtab",
                        Section.SHT_SYMTAB,
                        0,
                        concat(builder.symbol(0, 0, 0, 0, 0), builder.symbol(1, 0x12, 1, 0x1000, 4)))
                .link(2);
        builder.section(".strtab", Section.SHT_STRTAB, 0, ("\0" + name + "\0").getBytes(StandardCharsets.UTF_8));
        return builder.build();
    }

    private static byte[] xz(byte[] plain) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var packer = new XZOutputStream(out, new LZMA2Options(1))) {
            packer.write(plain);
        }
        return out.toByteArray();
    }

    // Links to other files

    @Test
    void aStrippedImageNamesItsDebugFile() {
        try (var elf = Fixtures.open(Fixtures.image("library-ppc.stripped.so"))) {
            var crc = new CRC32();
            crc.update(Fixtures.read(Fixtures.image("library-ppc.debug")));
            assertThat(elf.debugLink()).contains(new DebugLink("library-ppc.debug", crc.getValue()));
        }
    }

    @Test
    void aDebugLinkWithAFolderIsRefused() {
        var builder = ElfBuilder.elf64(ElfHeader.ET_EXEC);
        builder.section(
                ".gnu_debuglink", Section.SHT_PROGBITS, 0, "../../etc/x\0\1\2\3\4".getBytes(StandardCharsets.US_ASCII));
        try (var elf = Fixtures.of(builder.build())) {
            assertThatThrownBy(elf::debugLink)
                    .isInstanceOf(FormatException.class)
                    .hasMessageContaining("\"../../etc/x\" is no name of a file");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void aFileThatSharesItsDebuggingInformationNamesTheOtherOne(int version) {
        try (var elf = Fixtures.open(Fixtures.image("alternate-%d.so".formatted(version)));
                var common = Fixtures.open(Fixtures.image("common-%d.debug".formatted(version)))) {
            var link = elf.alternateLink().orElseThrow();
            assertThat(link.name()).isEqualTo("common-%d.debug".formatted(version));
            assertThat(common.alternateId()).contains(link.buildId());
            assertThat(common.alternateLink()).isEmpty();
        }
    }

    // Hostile files

    @Property(tries = 1_000)
    void anyBytesGiveAFileOrAFormatException(
            @ForAll @Size(max = 300) byte[] bytes, @ForAll @IntRange(max = 3) int kind) {
        byte[] file = bytes.clone();
        byte[] magic = {0x7f, 'E', 'L', 'F', (byte) (1 + (kind & 1)), (byte) (1 + (kind >> 1))};
        System.arraycopy(magic, 0, file, 0, Math.min(magic.length, file.length));
        readAll(file);
    }

    @Property(tries = 1_000)
    void damagedFilesGiveAFileOrAFormatException(
            @ForAll @IntRange(max = 10) int which,
            @ForAll @Size(min = 1, max = 8) List<@IntRange(min = 0, max = 20_000) Integer> places,
            @ForAll byte value) {
        byte[] file = Fixtures.read(DAMAGED.get(which)).clone();
        for (int place : places) {
            file[place % file.length] = value;
        }
        readAll(file);
    }

    /** Headers decide how far a reader runs: most of the damage goes there. */
    @Property(tries = 1_000)
    void damagedHeadersGiveAFileOrAFormatException(
            @ForAll @IntRange(max = 10) int which,
            @ForAll @Size(min = 1, max = 3) List<@IntRange(min = 0, max = 4_000) Integer> places,
            @ForAll byte value) {
        byte[] file = Fixtures.read(DAMAGED.get(which)).clone();
        for (int place : places) {
            boolean inSectionHeaders = place % 2 == 0;
            file[inSectionHeaders ? file.length - 1 - (place / 2) % file.length : (place / 2) % 700] = value;
        }
        readAll(file);
    }

    @Property(tries = 500)
    void aFileThatBreaksOffGivesAFileOrAFormatException(
            @ForAll @IntRange(max = 10) int which, @ForAll @IntRange(min = 0, max = 20_000) int length) {
        byte[] file = Fixtures.read(DAMAGED.get(which));
        readAll(Arrays.copyOf(file, length % file.length));
    }

    private static void readAll(byte[] bytes) {
        var limits = Fixtures.limits("decompressedBytes", 16L << 20);
        try (var elf = ElfFile.of(ByteReader.of("file", bytes), limits)) {
            assertThat(elf.buildId()).isNotNull();
            attempt(elf::debugLink);
            attempt(elf::alternateLink);
            attempt(elf::alternateId);
            for (Section section : elf.sections()) {
                attempt(() -> elf.bytes(section));
                attempt(() -> elf.readOnly(section.address(), 4));
            }
            for (Segment segment : elf.segments()) {
                attempt(() -> elf.bytes(segment));
            }
            attempt(() -> {
                int count = 0;
                for (Symbol symbol : elf.symbols()) {
                    assertThat(symbol.name()).isNotNull();
                    count++;
                }
                return count;
            });
            assertThat(elf.diagnostics()).hasSizeLessThan(1_000);
        } catch (FormatException refused) {
            assertThat(refused.getMessage()).isNotBlank();
        }
    }

    private static void attempt(Supplier<?> reading) {
        try {
            assertThat(reading.get()).isNotNull();
        } catch (FormatException refused) {
            assertThat(refused.getMessage()).isNotBlank();
        }
    }

    static List<String> names(ElfFile elf) {
        var names = new ArrayList<String>();
        for (Symbol symbol : elf.symbols()) {
            names.add(symbol.name());
        }
        return names;
    }

    /** Functions that the file defines, with their addresses. */
    static Map<String, Long> functions(ElfFile elf) {
        var functions = new TreeMap<String, Long>();
        for (Symbol symbol : elf.symbols()) {
            if (symbol.isFunction() && symbol.section() != 0) {
                functions.put(symbol.name(), symbol.address());
            }
        }
        return functions;
    }
}
