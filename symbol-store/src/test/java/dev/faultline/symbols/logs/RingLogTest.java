package dev.faultline.symbols.logs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.coredump.Memory;
import dev.faultline.symbols.report.LogLine;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class RingLogTest {
    private static final int MAGIC = 0x46544c31;
    private static final long ADDRESS = 0x2000_0100L;

    @Test
    void linesComeOldestFirstWithTimeAndLevel() {
        assertThat(read(MAGIC, 64, "[90] I batch: 3 readings\n[1024] E radio\n").lines())
                .containsExactly(new LogLine(90L, "I", "batch: 3 readings"), new LogLine(1024L, "E", "radio"));
    }

    @Test
    void aRingThatWentRoundDropsTheLineItHalfOverwrote() {
        assertThat(read(MAGIC, 32, "[1] I the first line is gone\n[2] I second\n[3] I third\n")
                        .lines())
                .containsExactly(new LogLine(2L, "I", "second"), new LogLine(3L, "I", "third"));
    }

    @Test
    void aHeadThatWrappedKeepsItsPlace() {
        var ring = new byte[32];
        var text = "[9] W ok\n".getBytes(StandardCharsets.UTF_8);
        int head = 4; // 2^32 + 4 bytes written
        for (int i = 0; i < text.length; i++) {
            ring[Math.floorMod(head - text.length + i, 32)] = text[i];
        }

        var log = RingLog.read(memory(MAGIC, 32, head, ring), ADDRESS, Limits.DEFAULT);

        assertThat(log.lines())
                .as("only what head counts is known to be written")
                .hasSize(1);
    }

    @Test
    void anUnfinishedLineIsShownAndALineOfAnotherFormToo() {
        assertThat(read(MAGIC, 64, "no time\n[7] D cut").lines())
                .containsExactly(new LogLine(null, null, "no time"), new LogLine(7L, "D", "cut"));
    }

    @Test
    void controlCharactersAreWrittenOutAndColoursLeftOut() {
        assertThat(read(MAGIC, 64, "\u001b[31m[1] I \u001b[2J\tx\n").lines())
                .containsExactly(new LogLine(1L, "I", "\\x1b[2J\tx"));
    }

    @Test
    void whatIsNoLogSaysWhy() {
        assertThat(read(0x1234, 64, "").warnings())
                .containsExactly("The log at 0x20000100 begins with 0x00001234; wanted 0x46544c31");
        assertThat(read(0, 64, "").warnings()).containsExactly("The log at 0x20000100 was never written to");
        assertThat(read(MAGIC, 0, "").warnings())
                .containsExactly("The log at 0x20000100 has a capacity of 0; wanted a power of two up to 1048576");
        assertThat(RingLog.read(memory(MAGIC, 1 << 20, 8, new byte[64]), ADDRESS, Limits.DEFAULT)
                        .warnings())
                .containsExactly("The 1048576 bytes of the log at 0x20000100 were not all captured");
        assertThat(RingLog.read(memory(MAGIC, -1, 8, new byte[64]), ADDRESS, Limits.DEFAULT)
                        .warnings())
                .containsExactly(
                        "The log at 0x20000100 has a capacity of 4294967295; wanted a power of two up to 1048576");
    }

    @Property(tries = 300)
    void anyRingGivesLinesOrAWarning(@ForAll byte[] bytes, @ForAll int head) {
        var ring = Arrays.copyOf(bytes, 64);
        var log = RingLog.read(memory(MAGIC, 64, head, ring), ADDRESS, Limits.DEFAULT);

        assertThat(log.warnings()).isEmpty();
        assertThat(log.lines()).hasSizeLessThanOrEqualTo(64);
    }

    private static ReadLog read(int magic, int capacity, String written) {
        var ring = new byte[capacity];
        var text = written.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < text.length; i++) {
            if (capacity > 0) {
                ring[i % capacity] = text[i];
            }
        }
        return RingLog.read(memory(magic, capacity, text.length, ring), ADDRESS, Limits.DEFAULT);
    }

    private static Memory memory(int magic, int capacity, int head, byte[] ring) {
        byte[] bytes = new byte[16 + ring.length];
        var into = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        into.putInt(magic).putInt(capacity).putInt(head).putInt(0).put(ring);
        return Memory.of(ByteOrder.LITTLE_ENDIAN, List.of(new Memory.Region(ADDRESS, MemorySegment.ofArray(bytes))));
    }
}
