package dev.faultline.symbols.logs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.faultline.symbols.report.LogLine;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class NamedRingTest {
    private static final long START = 0x2000_0100L;

    @Test
    void aNameMayHaveAWriteIndexAndASize() {
        assertThat(LogBuffer.parse("console")).isEqualTo(new LogBuffer("console", null, null));
        assertThat(LogBuffer.parse("console:head")).isEqualTo(new LogBuffer("console", "head", null));
        assertThat(LogBuffer.parse("console::size")).isEqualTo(new LogBuffer("console", null, "size"));
        assertThatThrownBy(() -> LogBuffer.parse("a:b:c:d"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("found \"a:b:c:d\", wanted NAME[:HEAD[:SIZE]]");
        assertThatThrownBy(() -> LogBuffer.parse("con sole\n"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("found \"con sole\\n\", wanted the name of a variable of at most 200 characters");
    }

    @Test
    void anIndexACountAndAPointerSayWhereTheOldestByteIs() {
        var ring = bytes("rd\nold\nthi");

        assertThat(texts(ring, 3)).as("an index").containsExactly("third");
        assertThat(texts(ring, 13)).as("a count").containsExactly("third");
        assertThat(texts(ring, START + 3)).as("a pointer").containsExactly("third");
    }

    @Test
    void aRingThatDidNotGoRoundBeginsAtItsStart() {
        assertThat(texts(bytes("one\ntwo\n\0\0\0\0"), 8)).containsExactly("one", "two");
        assertThat(texts(bytes("one\ntwo\n"), 8)).containsExactly("one", "two");
    }

    @Property
    void anyBytesAndAnyIndexGiveLines(@ForAll byte[] bytes, @ForAll long head, @ForAll @IntRange(min = 1) int size) {
        var ring = new byte[1 + size % 64];
        System.arraycopy(bytes, 0, ring, 0, Math.min(bytes.length, ring.length));

        assertThat(texts(ring, head)).hasSizeLessThanOrEqualTo(ring.length);
    }

    private static List<String> texts(byte[] ring, long head) {
        return LogText.lines(NamedRing.unrolled(ring, START, head)).stream()
                .map(LogLine::text)
                .toList();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
