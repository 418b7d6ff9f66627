package dev.faultline.symbols.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.elf.Machine;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SymbolIndexTest {

    @TempDir
    Path directory;

    @Test
    void namesAreDemangledAndTheLinkersNameIsKept() {
        try (var index = Fixtures.index(Fixtures.elf("flash-dwarf5-o2"), directory)) {
            var sum = index.function("_ZNK3net4wire6Packet3sumEv").orElseThrow();

            var frame = index.lookup(sum.address()).getLast();

            assertThat(frame.function()).isEqualTo("net::wire::Packet::sum() const");
            assertThat(frame.linkageName()).isEqualTo("_ZNK3net4wire6Packet3sumEv");
            assertThat(index.function(sum.address() + 1))
                    .contains(new FunctionSymbol("net::wire::Packet::sum() const", sum.address(), sum.size()));
        }
    }

    @Test
    void aGlobalIsFoundByNameAndByEveryAddressInside() {
        try (var index = Fixtures.index(Fixtures.elf("flash-dwarf5-o2"), directory)) {
            var table = index.data("crc_table").orElseThrow();

            assertThat(table.size()).isEqualTo(16);
            assertThat(index.data(table.address() + 15)).contains(table);
            assertThat(index.data(table.address() + 16)).isNotEqualTo(Optional.of(table));
            assertThat(index.data("_stack_top"))
                    .as("what a linker script defines")
                    .contains(new DataSymbol("_stack_top", 0x2000_1000, 0));
            assertThat(index.data("program")).isEmpty();
        }
    }

    @Test
    void aFunctionInAssemblyWithoutASizeGoesUpToWhatComesNext() {
        try (var index = Fixtures.index(Fixtures.elf("flash-dwarf5-o2"), directory)) {
            var spin = index.function("spin").orElseThrow();
            var table = index.data("table_in_text").orElseThrow();

            assertThat(index.lookup(table.address() - 1))
                    .containsExactly(new SourceFrame("spin", null, null, 0, 0, false));
            assertThat(index.lookup(table.address()))
                    .as("data between functions")
                    .isEmpty();
            assertThat(index.function(spin.address()).orElseThrow().size()).isEqualTo(table.address() - spin.address());
        }
    }

    @Test
    void aFunctionThatTheLinkerThrewAwayIsNotThere() {
        for (String elf : new String[] {"flash-dwarf4-os", "flash-dwarf5-o2", "aarch64-clang", "code-at-zero-dwarf5"}) {
            try (var index = Fixtures.index(Fixtures.elf(elf), directory)) {
                assertThat(index.function("forgotten")).as(elf).isEmpty();
                assertThat(index.function("forgotten_as_well")).as(elf).isEmpty();
                assertThat(index.function("checksum")).as(elf).isPresent();
            }
        }
    }

    @Test
    void addressesOutsideOfFunctionsAnswerNothing() {
        try (var index = Fixtures.index(Fixtures.elf("flash-dwarf5-o2"), directory)) {
            var text = index.text();
            assertThat(index.lookup(text.getFirst().start() - 1)).isEmpty();
            assertThat(index.lookup(text.getLast().end())).isEmpty();
            assertThat(index.unwindRow(text.getLast().end())).isEmpty();
            assertThat(index.lookup(-1L)).isEmpty();
            assertThat(index.lookup(0x2000_0000)).isEmpty();
        }
    }

    @Test
    void anIndexKnowsItsImage() {
        try (var arm = Fixtures.index(Fixtures.elf("flash-dwarf5-o2"), directory);
                var powerpc = Fixtures.index(Fixtures.elf("ppc32be-clang"), directory);
                var aarch64 = Fixtures.index(Fixtures.elf("aarch64-clang"), directory)) {
            assertThat(arm.machine()).isEqualTo(Machine.EM_ARM);
            assertThat(arm.buildId().hex()).hasSize(40);
            assertThat(powerpc.byteOrder()).isEqualTo(ByteOrder.BIG_ENDIAN);
            assertThat(powerpc.addressSize()).isEqualTo(4);
            assertThat(aarch64.addressSize()).isEqualTo(8);
            assertThat(aarch64.byteOrder()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
        }
    }

    @Test
    void aSummarySaysWhatAFileIsGoodFor() {
        var complete = summary("flash-dwarf5-o2");
        assertThat(complete.state()).isEqualTo(IndexSummary.State.USABLE);
        assertThat(complete.dwarfVersions()).containsExactly(5);
        assertThat(complete.lineCoverage()).isBetween(0.8, 1.0);
        assertThat(complete.unwindCoverage()).isBetween(0.8, 1.0);
        assertThat(complete.inlinedCalls()).isPositive();
        assertThat(complete.diagnostics()).isEmpty();

        var names = summary("no-debug-info");
        assertThat(names.state()).isEqualTo(IndexSummary.State.NO_DEBUG_INFO);
        assertThat(names.reason()).contains("names of functions only");

        var nothing = summary("x86-64-gcc-stripped");
        assertThat(nothing.state()).isEqualTo(IndexSummary.State.NO_DEBUG_INFO);
        assertThat(nothing.reason()).contains("stripped");
    }

    @Test
    void theSummaryIsInTheIndex() {
        Path file = directory.resolve("kept.idx");
        var built = SymbolIndex.build(Fixtures.elf("x86-64-gcc"), file, Limits.DEFAULT);

        try (var index = SymbolIndex.open(file)) {
            assertThat(index.summary()).isEqualTo(built);
        }
    }

    @Test
    void theSameFileGivesTheSameIndex() throws IOException {
        Path first = directory.resolve("first.idx");
        Path second = directory.resolve("second.idx");
        SymbolIndex.build(Fixtures.firmware("main-fw-1.2.0-rev-b"), first, Limits.DEFAULT);
        SymbolIndex.build(Fixtures.firmware("main-fw-1.2.0-rev-b"), second, Limits.DEFAULT);

        assertThat(Files.mismatch(first, second)).isEqualTo(-1);
        assertThat(Files.size(first)).isLessThan(Files.size(Fixtures.firmware("main-fw-1.2.0-rev-b")) / 2);
        try (var files = Files.list(directory)) {
            assertThat(files).as("no temporary file is left").hasSize(2);
        }
    }

    @Test
    void everyDamagedByteIsNoticedWhenTheIndexIsOpenedOrVerified() throws IOException {
        Path file = directory.resolve("good.idx");
        SymbolIndex.build(Fixtures.elf("flash-dwarf4-os"), file, Limits.DEFAULT);
        byte[] good = Files.readAllBytes(file);
        Path damaged = directory.resolve("damaged.idx");
        for (int at = 0; at < good.length; at += 1 + at / 200) {
            byte[] bytes = good.clone();
            bytes[at] ^= 0x40;
            Files.write(damaged, bytes);
            assertThatThrownBy(() -> openAndVerify(damaged)).as("byte 0x%x", at).isInstanceOf(FormatException.class);
        }
        Files.write(damaged, Arrays.copyOf(good, good.length - 1));
        assertThatThrownBy(() -> SymbolIndex.open(damaged)).hasMessageContaining("the header says");
    }

    @Test
    void anIndexOfAnotherFormatSaysWhich() throws IOException {
        Path file = directory.resolve("other.idx");
        SymbolIndex.build(Fixtures.elf("flash-dwarf4-os"), file, Limits.DEFAULT);
        byte[] bytes = Files.readAllBytes(file);
        bytes[8] = 77;
        Files.write(file, bytes);

        assertThatThrownBy(() -> SymbolIndex.open(file))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("format version 77, wanted " + SymbolIndex.FORMAT_VERSION);
    }

    @ParameterizedTest
    @CsvSource({
        "4, 0, 'words of 0 bytes, wanted 4 or 8'",
        "4, 5, 'words of 5 bytes, wanted 4 or 8'",
        "5, 0, 'build id of 0 bytes, wanted 1 to 64'",
        "5, 65, 'build id of 65 bytes, wanted 1 to 64'"
    })
    void anImpossibleHeaderIsRefusedEvenWhereItsChecksumIsRight(int behindMachine, int value, String error)
            throws IOException {
        Path file = directory.resolve("hostile.idx");
        SymbolIndex.build(Fixtures.elf("flash-dwarf4-os"), file, Limits.DEFAULT);
        var bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(IndexFormat.MACHINE_AT + behindMachine, (byte) value);
        var checksum = new CRC32C();
        checksum.update(bytes.array(), 0, IndexWriter.HEADER - IndexFormat.CHECKSUM);
        bytes.putInt(IndexWriter.HEADER - IndexFormat.CHECKSUM, (int) checksum.getValue());
        Files.write(file, bytes.array());

        assertThatThrownBy(() -> SymbolIndex.open(file))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining(error);
    }

    @Test
    void howManyThreadsBuildItChangesNothing() throws IOException {
        Path alone = directory.resolve("alone.idx");
        Path together = directory.resolve("together.idx");
        SymbolIndex.build(Fixtures.firmware("main-fw-1.2.0-rev-b-O3"), alone, Limits.DEFAULT, 1);
        SymbolIndex.build(Fixtures.firmware("main-fw-1.2.0-rev-b-O3"), together, Limits.DEFAULT, 3);

        assertThat(Files.mismatch(alone, together)).isEqualTo(-1);
    }

    @Test
    void aDamagedIndexAnswersOrSaysSoWhateverItsBytes() throws IOException {
        Path file = directory.resolve("good.idx");
        SymbolIndex.build(Fixtures.firmware("main-fw-1.2.0-rev-b"), file, Limits.DEFAULT);
        byte[] good = Files.readAllBytes(file);
        Path damaged = directory.resolve("damaged.idx");
        for (int at = IndexWriter.HEADER; at < good.length; at += 97) {
            byte[] bytes = good.clone();
            Arrays.fill(bytes, at, Math.min(bytes.length, at + 40), (byte) 0xff);
            Files.write(damaged, bytes);
            lookEverywhere(damaged);
        }
    }

    private static void lookEverywhere(Path file) {
        try (var index = SymbolIndex.open(file)) {
            for (var range : index.text()) {
                for (long address = range.start(); address - range.start() < 0x8000; address += 62) {
                    index.lookup(address);
                    index.alternates(address);
                    index.entry(address);
                    index.data(address);
                    index.unwindRow(address);
                }
            }
            index.function("queue_send");
        } catch (FormatException damaged) {
            assertThat(damaged.getMessage()).isNotBlank();
        }
    }

    @Test
    void aCoredumpIsNoDebugFile() {
        Path core = Path.of("../firmware-fixtures/coredumps/main-fw-1.0.0-rev-a-brownout.core");

        assertThatThrownBy(() -> SymbolIndex.build(core, directory.resolve("x.idx"), Limits.DEFAULT))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("this is a coredump");
    }

    private static void openAndVerify(Path file) {
        try (var index = SymbolIndex.open(file)) {
            index.verify();
        }
    }

    private IndexSummary summary(String elf) {
        return SymbolIndex.build(Fixtures.elf(elf), directory.resolve("summary.idx"), Limits.DEFAULT);
    }
}
