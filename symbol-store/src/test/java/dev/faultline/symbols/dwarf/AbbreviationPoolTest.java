package dev.faultline.symbols.dwarf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.Limits;
import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AbbreviationPoolTest {
    private static final Encoding DWARF32 = new Encoding(5, Integer.BYTES, Long.BYTES);
    private static final Encoding DWARF64 = new Encoding(5, Long.BYTES, Long.BYTES);

    /** Code 1: a DW_TAG_subprogram without children, its DW_AT_name as DW_FORM_strp. */
    private static final byte[] NAMED_FUNCTION = {1, 0x2e, 0, 0x03, 0x0e, 0, 0, 0};

    private final AbbreviationPool pool = new AbbreviationPool();

    @Test
    void equalDeclarationsOfTwoTablesAreOneObject() {
        assertThat(first(NAMED_FUNCTION, DWARF32)).isNotNull().isSameAs(first(NAMED_FUNCTION, DWARF32));
    }

    @Test
    void theSameBytesMeanAnotherSizeInAnotherEncoding() {
        assertThat(first(NAMED_FUNCTION, DWARF32))
                .extracting(abbreviation -> abbreviation.size)
                .isEqualTo(4);
        assertThat(first(NAMED_FUNCTION, DWARF64))
                .extracting(abbreviation -> abbreviation.size)
                .isEqualTo(8);
    }

    @Test
    void aDeclarationLongerThanAnyUsualOneIsReadEachTime() {
        var table = new ByteArrayOutputStream();
        table.writeBytes(new byte[] {1, 0x2e, 0});
        for (int i = 0; i < AbbreviationPool.MOST_BYTES; i++) {
            table.writeBytes(new byte[] {0x03, 0x0e});
        }
        table.writeBytes(new byte[] {0, 0, 0});
        var abbreviation = first(table.toByteArray(), DWARF32);

        assertThat(abbreviation).isNotNull().isNotSameAs(first(table.toByteArray(), DWARF32));
        assertThat(abbreviation).extracting(read -> read.size).isEqualTo(4 * AbbreviationPool.MOST_BYTES);
    }

    private @Nullable Abbreviation first(byte[] table, Encoding encoding) {
        return AbbreviationTable.read(ByteReader.of(".debug_abbrev", table), encoding, pool, false, Limits.DEFAULT)
                .get(1);
    }
}
