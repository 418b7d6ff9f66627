package dev.faultline.symbols.logs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.symbols.arch.ArmCortexM;
import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.coredump.LoadedImage;
import dev.faultline.symbols.coredump.Memory;
import dev.faultline.symbols.dwarf.StructLayout.Member;
import dev.faultline.symbols.dwarf.StructLayouts;
import dev.faultline.symbols.report.LogLine;
import dev.faultline.symbols.store.LocalSymbols;
import dev.faultline.symbols.unwind.AddressSpace;
import dev.faultline.symbols.unwind.LoadedSymbols;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ZephyrBufferTest {
    private static final long FORMAT = 0x2000_0000L;
    private static final int WORDS = 32;

    /** {@code valid:1 busy:1 type:1 domain:3 level:3 package_len:11 data_len:12}, source, timestamp: 16 bytes with padding. */
    private static final ZephyrHeader HEADER = new ZephyrHeader(
            new Member(0, 4, false, null, 6, 3),
            new Member(1, 4, false, null, 1, 11),
            new Member(2, 4, false, null, 4, 12),
            new Member(4, 4, true, null),
            new Member(8, 4, false, null),
            12);

    @Test
    void messagesAreReadRoundTheRingsEndOverRoomThatWasLeftOut() {
        var ring = ring();
        put(ring, 16, 7);
        ring.putInt(24 * 4, (8 << 2) | 2); // eight words left out
        put(ring, 0, 8);

        assertThat(read(ring, 16, 8))
                .isEqualTo(ReadLog.of(List.of(new LogLine(90L, "I", "n=7"), new LogLine(90L, "I", "n=8"))));
    }

    @Test
    void aMessageThatIsBeingWrittenEndsTheLogAndIsSaid() {
        var ring = ring();
        put(ring, 0, 7);

        assertThat(read(ring, 0, 12))
                .isEqualTo(new ReadLog(
                        List.of(new LogLine(90L, "I", "n=7")),
                        List.of("A message of the log was being written: it and the ones behind it are not shown")));
    }

    @Test
    void aPacketOfAnotherKindEndsTheLogAndIsSaid() {
        var ring = ring();
        ring.putInt(0, 5);

        assertThat(read(ring, 0, 8).warnings())
                .containsExactly(
                        "The log has a packet of an unknown kind at word 0, 0x00000005: the ones behind it are not"
                                + " shown");
    }

    @Test
    void aFormatStringThatNobodyHasLeavesTheMessageAsBytes() {
        var ring = ring();
        put(ring, 0, 7);
        ring.putInt(20, 0x3000_0000);

        assertThat(read(ring, 0, 8).lines()).singleElement().satisfies(line -> {
            assertThat(line.level()).isEqualTo("I");
            assertThat(line.text())
                    .startsWith("<message that can not be read: 03 00 00 00 00 00 00 30 07 00 00 00;")
                    .endsWith("no format string is known where it points>");
        });
    }

    @Property
    void anyRingGivesLinesOrAWarning(
            @ForAll byte[] bytes,
            @ForAll @IntRange(min = 0, max = WORDS - 1) int read,
            @ForAll @IntRange(min = 0, max = WORDS - 1) int write) {
        var ring = ByteBuffer.wrap(Arrays.copyOf(bytes, 4 * WORDS)).order(ByteOrder.LITTLE_ENDIAN);

        assertThat(read(ring, read, write).lines()).hasSizeLessThanOrEqualTo(WORDS);
    }

    private static ByteBuffer ring() {
        return ByteBuffer.allocate(4 * WORDS).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** A message {@code n=…}: header, package of 12 bytes; 28 bytes, so 8 words. */
    private static void put(ByteBuffer ring, int word, int number) {
        ring.position(4 * word);
        ring.putInt(1 | (3 << 6) | (12 << 9)).putInt(0).putInt(90).putInt(0);
        ring.putInt(3).putInt((int) FORMAT).putInt(number);
    }

    private static ReadLog read(ByteBuffer ring, int read, int write) {
        var memory = Memory.of(
                ByteOrder.LITTLE_ENDIAN,
                List.of(new Memory.Region(FORMAT, MemorySegment.ofArray(new byte[] {'n', '=', '%', 'd', 0}))));
        var image = new LoadedImage("main", null, 0, null, null);
        try (var symbols = LoadedSymbols.open(List.of(), LocalSymbols.of(List.of(), Limits.DEFAULT))) {
            var space = new AddressSpace(new ArmCortexM(), memory, symbols);
            var messages = new ZephyrMessages(
                    new LoadedSymbols.Module(image, Optional.empty()),
                    space,
                    new LogLayouts(new StructLayouts.Found(Map.of(), List.of())),
                    Limits.DEFAULT);
            return new ZephyrBuffer(
                            ByteReader.of(
                                    "log buffer",
                                    MemorySegment.ofBuffer(ring.duplicate().clear())),
                            HEADER,
                            16,
                            new ArmCortexM(),
                            messages)
                    .messages(read, write);
        }
    }
}
