package dev.faultline.symbols.bytes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class ByteReaderTest {

    @Test
    void readsIntegersInTheRegionsByteOrder() {
        var in = ByteReader.of("words", bytes(0x78, 0x56, 0x34, 0x12, 0x78, 0x56));

        assertThat(in.u32()).isEqualTo(0x12345678L);
        assertThat(in.order(ByteOrder.BIG_ENDIAN).u16()).isEqualTo(0x7856);
    }

    @Test
    void aReadPastTheEndSaysWhereItStoppedAndWhatWasLeft() {
        var in = ByteReader.of("file", new byte[64]).slice("program header", 0x34, 12);
        in.skip(8);

        assertThatThrownBy(in::u64)
                .isInstanceOf(FormatException.class)
                .hasMessage("program header at 0x34+0x8: needs 0x8 bytes, 0x4 left");
    }

    @Test
    void aSliceThatLeavesItsRegionIsRefused() {
        var in = ByteReader.of("file", new byte[8]);

        assertThatThrownBy(() -> in.slice("section", 4, 5))
                .hasMessage("file at 0x0+0x0: section at +0x4 of 0x5 bytes lies outside its 0x8 bytes");
        assertThatThrownBy(() -> in.slice("section", Long.MAX_VALUE, 1)).isInstanceOf(FormatException.class);
        assertThatThrownBy(() -> in.slice("section", 1, Long.MAX_VALUE)).isInstanceOf(FormatException.class);
    }

    @Test
    void readsTheStandardsLebExamples() {
        assertThat(ByteReader.of("uleb", bytes(0x80 | 57, 100)).uleb()).isEqualTo(12857);
        assertThat(ByteReader.of("sleb", bytes(0x80 | 0x7f, 0x7e)).sleb()).isEqualTo(-129);
        assertThat(ByteReader.of("sleb", bytes(0x7e)).sleb()).isEqualTo(-2);
    }

    @Test
    void aUlebOfMoreThan64BitsIsRefused() {
        assertThatThrownBy(() -> ByteReader.of("uleb", bytes(255, 255, 255, 255, 255, 255, 255, 255, 255, 2))
                        .uleb())
                .hasMessageContaining("more than 64 bits");
        assertThat(ByteReader.of("uleb", bytes(255, 255, 255, 255, 255, 255, 255, 255, 255, 1))
                        .uleb())
                .isEqualTo(-1L);
    }

    @Test
    void aStringNeedsItsEnd() {
        assertThat(ByteReader.of("text", bytes('a', 'b', 0, 'c')).string(Limits.DEFAULT))
                .isEqualTo("ab");
        assertThatThrownBy(() -> ByteReader.of("text", bytes('a', 'b')).string(Limits.DEFAULT))
                .hasMessage("text at 0x0+0x0: string without an end in its 0x2 bytes");
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }
}
