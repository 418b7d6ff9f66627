package dev.faultline.symbols.ehabi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.dwarf.RowText;
import dev.faultline.symbols.dwarf.UnwindRowSink;
import dev.faultline.symbols.dwarf.UnwindRules;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExceptionIndexTableTest {
    /** Where the tests put the index table, and the exception table of their entries. */
    private static final long INDEX = 0x9000;

    private static final long TABLE = 0x8000;

    private final List<String> diagnostics = new ArrayList<>();
    private final UnwindRules rules = new UnwindRules();

    @Test
    void anEntryHoldsUpToTheNext() {
        // 0x1000: pop r4, lr; 0x1100: can not be unwound; both count from themselves
        var rows = rows("00 80 ff 7f b0 b0 a8 80  f8 80 ff 7f 01 00 00 00", "");

        assertThat(diagnostics).isEmpty();
        assertThat(rows).containsExactly("1000..1100 cfa=r13+8 r4=c-8 r14=c-4", "1100..100000000 cfa=r13+0 r14=u");
    }

    @ParameterizedTest
    @CsvSource({
        "b0b0a880, cfa=r13+8 r4=c-8 r14=c-4", // personality routine 0: three instructions
        "a8010181 b0b0b003, cfa=r13+32 r4=c-24 r14=c-20", // 1: two and one more word
        "a8010082, cfa=r13+16 r4=c-8 r14=c-4", // 2, without more words: vsp += 8, then the pop
        "00100000 b0b0a800, cfa=r13+8 r4=c-8 r14=c-4", // a routine of its own at 0x9000
        "00100000 01a80101 b0b0b003, cfa=r13+40 r4=c-32 r14=c-28", // and one more word
    })
    void everyModelOfAnExceptionTable(String table, String expected) {
        // 0x1000, its table is at 0x8000
        var rows = rows("00 80 ff 7f fc ef ff 7f", table);

        assertThat(diagnostics).isEmpty();
        assertThat(rows).containsExactly("1000..100000000 " + expected);
    }

    @Test
    void aBigEndianTableHasTheSameInstructions() {
        var index = ByteReader.of(".ARM.exidx", hex("7fff8000 80a8b0b0")).order(ByteOrder.BIG_ENDIAN);

        assertThat(rows(index, "")).containsExactly("1000..100000000 cfa=r13+8 r4=c-8 r14=c-4");
    }

    @Test
    void aTableThatSaysThatNothingCanBeUnwoundKnowsNothing() {
        assertThat(rows("00 80 ff 7f 01 00 00 00", "")).isEmpty();
        assertThat(diagnostics).isEmpty();
    }

    @Test
    void theThumbBitIsNoPartOfAnAddress() {
        assertThat(rows("01 80 ff 7f b0 b0 a8 80", "")).containsExactly("1000..100000000 cfa=r13+8 r4=c-8 r14=c-4");
    }

    @ParameterizedTest
    @CsvSource({
        "b0b0a890, , 'reserved bits in the exception table word 0x90a8b0b0'",
        "b0b0a884, , 'reserved personality routine 4'",
        "a8010181, , 'exception table word 0x810101a8 has more words and no room for them'",
        "b0b0b780, , 'spare unwind instruction b7'",
        "fcefff7f, 04000083, 'reserved personality routine 3'",
        "fcefff7f, a8010181, 'the image has no exception table at 0x8004, 0x4 bytes'",
        "00100000, , 'the image has no exception table at 0xa004, 0x4 bytes'",
    })
    void aBrokenEntryCostsOnlyItself(String word, String table, String expected) {
        var rows = rows("0080ff7f" + word + "f880ff7f b0b0a880", table == null ? "" : table);

        assertThat(rows).containsExactly("1100..100000000 cfa=r13+8 r4=c-8 r14=c-4");
        assertThat(diagnostics).singleElement().asString().endsWith(expected);
    }

    @Test
    void anEntryOutOfOrderIsLeftOut() {
        // 0x1000, 0x800, 0x1100
        var rows = rows("0080ff7f b0b0a880 f877ff7f b0b0b080 f080ff7f b0b0a880", "");

        assertThat(rows)
                .containsExactly("1000..1100 cfa=r13+8 r4=c-8 r14=c-4", "1100..100000000 cfa=r13+8 r4=c-8 r14=c-4");
        assertThat(diagnostics).singleElement().asString().endsWith("function at 0x800, the entry before has 0x1000");
    }

    @Test
    void aCutOffTableGivesWhatItHas() {
        assertThat(rows("0080ff7f b0b0a880 f880", "")).containsExactly("1000..100000000 cfa=r13+8 r4=c-8 r14=c-4");
        assertThat(diagnostics).containsExactly(".ARM.exidx at 0x0+0x0: 0xa bytes, no multiple of 8");
    }

    @Property
    void anyBytesGiveOrderedRowsOrDiagnostics(@ForAll byte[] index, @ForAll byte[] table) {
        long[] end = {0};
        ExceptionIndexTable.read(
                ByteReader.of("fuzz", index),
                INDEX,
                (address, length) -> contents(table, address, length),
                Limits.DEFAULT,
                rules,
                new UnwindRowSink() {
                    @Override
                    public void entry(long start, long stop) {}

                    @Override
                    public void row(long start, long stop, int rule) {
                        assertThat(start).isBetween(end[0], stop - 1);
                        end[0] = stop;
                    }
                },
                text -> assertThat(text).isNotEmpty());
    }

    private List<String> rows(String index, String table) {
        return rows(ByteReader.of(".ARM.exidx", hex(index)), table);
    }

    private List<String> rows(ByteReader index, String table) {
        var rows = new ArrayList<String>();
        ExceptionIndexTable.read(
                index,
                INDEX,
                (address, length) -> contents(hex(table), address, length),
                Limits.DEFAULT,
                rules,
                new UnwindRowSink() {
                    @Override
                    public void entry(long start, long end) {}

                    @Override
                    public void row(long start, long end, int rule) {
                        rows.add("%x..%x %s".formatted(start, end, RowText.of(rules.row(rule))));
                    }
                },
                diagnostics::add);
        return rows;
    }

    private static Optional<ByteReader> contents(byte[] table, long address, long length) {
        long offset = address - TABLE;
        return offset >= 0 && offset <= table.length && length <= table.length - offset
                ? Optional.of(ByteReader.of(".ARM.extab", table).slice(".ARM.extab", offset, length))
                : Optional.empty();
    }

    private static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }
}
