package dev.faultline.symbols.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.symbols.dwarf.CfaRule;
import dev.faultline.symbols.dwarf.RowText;
import dev.faultline.symbols.dwarf.UnwindRow;
import dev.faultline.symbols.dwarf.UnwindRules;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnwindRowsTest {

    @Test
    void aRowHoldsUpToTheNextOneAndNotIntoAGap() {
        var rules = new UnwindRules();
        int first = rules.number(row(0));
        int second = rules.number(row(8));
        var writer = new RowWriter(new Words(Integer.BYTES, 0x1000), rules);
        writer.row(0x1010, 0x1012, first);
        writer.row(0x1012, 0x1020, second);
        writer.row(0x1040, 0x1060, second);
        writer.end();
        var rows = read(writer, 0x1000);

        assertThat(writer.count()).isEqualTo(3);
        assertThat(rows.find(0x0fff)).isEqualTo(UnwindRules.NONE);
        assertThat(rows.find(0x100f)).isEqualTo(UnwindRules.NONE);
        assertThat(rows.row(rows.find(0x1010))).isEqualTo(row(0));
        assertThat(rows.row(rows.find(0x1011))).isEqualTo(row(0));
        assertThat(rows.row(rows.find(0x1012))).isEqualTo(row(8));
        assertThat(rows.row(rows.find(0x101f))).isEqualTo(row(8));
        assertThat(rows.find(0x1020)).isEqualTo(UnwindRules.NONE);
        assertThat(rows.row(rows.find(0x105f))).isEqualTo(row(8));
        assertThat(rows.find(0x1060)).isEqualTo(UnwindRules.NONE);
        assertThat(writer.coveredBytes(0x1000, 0x1050)).isEqualTo(0x20);
    }

    @Test
    void withoutRowsThereIsNone() {
        var writer = new RowWriter(new Words(Long.BYTES, 0), new UnwindRules());
        writer.end();

        assertThat(read(writer, 0).find(0x1000)).isEqualTo(UnwindRules.NONE);
    }

    @Property
    void everyAddressFindsItsRow(
            @ForAll @Size(max = 200) List<@IntRange(min = 0, max = 5) Integer> offsets,
            @ForAll @IntRange(min = 1, max = 300) int step) {
        var rules = new UnwindRules();
        var writer = new RowWriter(new Words(Long.BYTES, 0), rules);
        var expected = new TreeMap<Long, UnwindRow>();
        long start = 0xffff_ffff_8000_0000L;
        for (int offset : offsets) {
            long end = start + step;
            if (offset != 5) { // a gap
                writer.row(start, end, rules.number(row(offset)));
                expected.put(start, row(offset));
                expected.put(end - 1, row(offset));
            }
            start = end;
        }
        writer.end();
        var rows = read(writer, 0);

        expected.forEach(
                (address, row) -> assertThat(rows.row(rows.find(address))).isEqualTo(row));
        assertThat(rows.find(start)).isEqualTo(UnwindRules.NONE);
    }

    /** What is in the index is what the tools say of the functions that are in the image. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "code-at-zero-dwarf4",
                "code-at-zero-dwarf5",
                "vectors-at-zero",
                "flash-dwarf4-os",
                "exceptions-m7-o0",
                "x86-64-gcc",
                "aarch64-clang",
                "ppc32be-clang"
            })
    void theIndexHasTheRowsOfEveryFunction(String name, @TempDir Path directory) throws IOException {
        int held = 0;
        try (var index = Fixtures.index(Fixtures.elf(name), directory)) {
            boolean live = false;
            for (String line : Files.readAllLines(Fixtures.expected("rows/" + name + ".elf.rows"))) {
                String[] words = line.split(" ", 2);
                long address = Long.parseUnsignedLong(words[0], 16);
                if (!words[1].startsWith("cfa=")) {
                    long size = Long.parseUnsignedLong(words[1], 16) - address;
                    var function = index.function(address);
                    live = function.isPresent()
                            && function.get().address() == address
                            && function.get().size() == size;
                } else if (live) {
                    assertThat(RowText.of(index.unwindRow(address).orElseThrow()))
                            .as("0x%x", address)
                            .isEqualTo(words[1]);
                    held++;
                }
            }
        }
        assertThat(held).isGreaterThan(6);
    }

    /** Stripped of call frame information, the exception table is what is left; the fixture's own code has both. */
    @Test
    void whereCallFrameInformationIsMissingTheExceptionTableSteps(@TempDir Path directory) {
        try (var both = Fixtures.index(Fixtures.elf("exceptions-m7-os"), directory);
                var exceptions = Fixtures.index(Fixtures.elf("exceptions-m7-os-nodebug"), directory)) {
            for (String name : new String[] {"large", "guarded", "many"}) {
                var function = both.function(name).orElseThrow();
                long atCall = function.address() + function.size() / 2;
                var described = both.unwindRow(atCall).orElseThrow();
                var left = exceptions.unwindRow(atCall).orElseThrow();

                assertThat(described.origin()).isEqualTo(UnwindRow.Origin.CALL_FRAME_INFORMATION);
                assertThat(left.origin()).isEqualTo(UnwindRow.Origin.EXCEPTION_TABLE);
                assertThat(RowText.of(left)).isEqualTo(RowText.of(described));
            }
            long assembly = both.function("save_few").orElseThrow().address();
            assertThat(both.unwindRow(assembly).orElseThrow().origin()).isEqualTo(UnwindRow.Origin.EXCEPTION_TABLE);
            assertThat(both.summary().unwindCoverage()).isGreaterThan(0.9);
        }
    }

    private static UnwindRows read(RowWriter writer, long base) {
        var parts = writer.write();
        return new UnwindRows(
                segment(parts.anchors()),
                segment(parts.rows()),
                segment(parts.rules()),
                base == 0 ? Long.BYTES : Integer.BYTES,
                base);
    }

    private static MemorySegment segment(Bytes bytes) {
        return MemorySegment.ofBuffer(bytes.buffer());
    }

    private static UnwindRow row(int offset) {
        return new UnwindRow(new CfaRule.RegisterOffset(13, offset), Map.of(), 14, false);
    }
}
