package dev.faultline.symbols.logs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.report.LogLine;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ChunkEntriesTest {

    @Test
    void aCompactLogIsANumberAndItsArguments() {
        assertThat(read("0b 04 82 18 88 05").lines()).containsExactly(new LogLine(null, "E", "<compact log 0x88> 5"));
        assertThat(read("09 0e 83 01 81 1b 00 00 00 01 2a 05 f2 00 61 78").lines())
                .containsExactly(new LogLine(null, "I", "<compact log 0x1> 5000000000 \"x\""));
        assertThat(read("0a 0b 82 01 fb 3f f8 00 00 00 00 00 00").lines())
                .containsExactly(new LogLine(null, "W", "<compact log 0x1> 1.5"));
    }

    @Test
    void textHasALevelAndMayHaveATime() {
        assertThat(read("c1 02 68 69").lines())
                .as("what was sent and read already is still part of the log")
                .containsExactly(new LogLine(null, "I", "hi"));
        assertThat(read("12 06 00 00 00 00 68 69").lines())
                .containsExactly(new LogLine(null, "1970-01-01T00:00:00Z", "W", null, "hi", List.of()));
    }

    @Test
    void whatIsNotKnownIsKeptAsBytes() {
        assertThat(read("21 01 68 04 01 68 13 03 01 02 03 09 01 ff").lines())
                .extracting(LogLine::text)
                .containsExactly(
                        "<unknown entry 0x21: 68>",
                        "<unknown entry 0x04: 68>",
                        "<unknown entry 0x13: 01 02 03>",
                        "<unknown entry 0x09: ff>");
    }

    @Test
    void anEntryThatIsCutIsLeftOutAndSaid() {
        assertThat(read("01 02 68 69 01 05 68"))
                .isEqualTo(new ReadLog(
                        List.of(new LogLine(null, "I", "hi")),
                        List.of("The log is cut: its last entry has 5 bytes, 1 are there")));
        assertThat(read("01").warnings()).containsExactly("The log is cut inside of its last entry");
    }

    @Test
    void theChecksumIsThatOfXmodem() {
        assertThat(Crc16.of("123456789".getBytes(StandardCharsets.US_ASCII))).isEqualTo(0x31c3);
        assertThat(Crc16.of(HexFormat.of().parseHex("01020304050607080a"))).isEqualTo(0x131b);
    }

    @Property
    void anyBytesGiveLines(@ForAll byte[] bytes) {
        var log = new ChunkEntries(null, 4).read(ByteReader.of("fuzz", bytes));

        assertThat(log.lines()).hasSizeLessThanOrEqualTo(bytes.length);
    }

    @Property
    void anyArrayGivesACompactLogOrBytes(@ForAll byte[] bytes) {
        byte[] entry = new byte[3 + bytes.length % 200];
        entry[0] = 0x09;
        entry[1] = (byte) (entry.length - 2);
        entry[2] = (byte) 0x82;
        System.arraycopy(bytes, 0, entry, 3, Math.min(bytes.length, entry.length - 3));

        assertThat(new ChunkEntries(null, 4).read(ByteReader.of("fuzz", entry)).lines())
                .hasSize(1);
    }

    private static ReadLog read(String hex) {
        var bytes = HexFormat.ofDelimiter(" ").parseHex(hex);
        return new ChunkEntries(null, 4).read(ByteReader.of("log entries", bytes));
    }
}
