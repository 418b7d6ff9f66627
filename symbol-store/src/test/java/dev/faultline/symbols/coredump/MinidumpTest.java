package dev.faultline.symbols.coredump;

import static dev.faultline.symbols.coredump.DumpBytes.register;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.faultline.symbols.bytes.FormatException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MinidumpTest {
    private static final int AARCH64 = 12;
    private static final String BUILD_ID = "00112233445566778899aabbccddeeff00112233";

    private record Stream_(long type, DumpBytes bytes) {}

    /** Streams and what they point at; pieces are laid behind the header and keep their places. */
    private static final class Layout {
        private final DumpBytes pieces = new DumpBytes();
        private final List<Stream_> streams = new ArrayList<>();

        long place(DumpBytes piece) {
            long at = 32L + pieces.size();
            pieces.bytes(piece);
            return at;
        }

        Layout stream(long type, DumpBytes bytes) {
            streams.add(new Stream_(type, bytes));
            return this;
        }

        byte[] array() {
            var directory = new DumpBytes();
            var all = new DumpBytes().bytes(pieces);
            for (var stream : streams) {
                directory.u32(stream.type(), stream.bytes().size(), 32L + all.size());
                all.bytes(stream.bytes());
            }
            return new DumpBytes()
                    .text("MDMP")
                    .u32(0xa793, streams.size(), 32L + all.size(), 0, 0)
                    .u64(0)
                    .bytes(all)
                    .bytes(directory)
                    .array();
        }
    }

    private static DumpBytes string(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_16LE);
        return new DumpBytes().u32(bytes.length).bytes(bytes).u16(0);
    }

    private static DumpBytes system(int processor) {
        return new DumpBytes().u16(processor).zeros(54);
    }

    private static DumpBytes thread(Layout layout, long id, long stack, DumpBytes memory, DumpBytes context) {
        long memoryAt = layout.place(memory);
        long contextAt = layout.place(context);
        return new DumpBytes().u32(id, 0, 0, 0).u64(0, stack).u32(memory.size(), memoryAt, context.size(), contextAt);
    }

    private static DumpBytes aarch64(long first) {
        long[] words = new long[33];
        Arrays.setAll(words, i -> first + i);
        return new DumpBytes().u32(0x0040_0000L, 0x6000_0000L).u64(words).zeros(32 * 16 + 8 + 24 * 8);
    }

    private static DumpBytes exception(
            Layout layout, long thread, long code, long flags, long address, DumpBytes context) {
        long at = layout.place(context);
        return new DumpBytes()
                .u32(thread, 0, code, flags)
                .u64(0, address)
                .u32(0, 0)
                .zeros(15 * 8)
                .u32(context.size(), at);
    }

    private static Layout usual() {
        var layout = new Layout();
        var threads = new DumpBytes()
                .u32(3, 0) // padded
                .bytes(thread(layout, 10, 0x7f00_0000L, new DumpBytes().u64(1, 2), aarch64(0x1000)))
                .bytes(thread(layout, 11, 0x7f10_0000L, new DumpBytes().u64(3, 4), aarch64(0x2000)))
                .bytes(thread(layout, 12, 0x7f20_0000L, new DumpBytes().u64(5), aarch64(0x3000)));
        long name = layout.place(string("/usr/bin/gateway"));
        var record = new DumpBytes().text("LEpB").bytes(HexFormat.of().parseHex(BUILD_ID));
        long recordAt = layout.place(record);
        var modules = new DumpBytes()
                .u32(1)
                .u64(0x40_0000L)
                .u32(0x3000, 0, 0, name)
                .zeros(52)
                .u32(record.size(), recordAt, 0, 0)
                .zeros(16);
        long extra = layout.place(new DumpBytes().u64(99));
        long threadName = layout.place(string("uplink"));
        return layout.stream(3, threads).stream(4, modules).stream(
                5, new DumpBytes().u32(1).u64(0x5000_0000L).u32(8, extra))
                .stream(6, exception(layout, 11, 11, 1, 0x18, aarch64(0x9000)))
                .stream(7, system(AARCH64))
                .stream(24, new DumpBytes().u32(1, 11).u64(threadName))
                .stream(0x4767_0001L, new DumpBytes().u32(3, 12, 11))
                .stream(0x4767_0009L, new DumpBytes().text("""
                        00400000-00403000 r-xp 00000000 b3:02 5 /usr/bin/gateway
                        7fb0000000-7fb0180000 r-xp 00000000 b3:02 7 /lib/libc.so.6
                        7fb0180000-7fb0184000 rw-p 00180000 b3:02 7 /lib/libc.so.6
                        """));
    }

    @Test
    void theThreadOfTheExceptionIsFirstWithTheRegistersOfTheException() {
        var coredump = DumpBytes.read(usual().array()).getFirst();

        assertThat(coredump.format()).isEqualTo("minidump");
        assertThat(coredump.architecture().label()).isEqualTo("aarch64");
        assertThat(coredump.threads()).extracting(DumpThread::id).containsExactly(11L, 10L);
        assertThat(coredump.threads()).extracting(DumpThread::crashed).containsExactly(true, false);
        assertThat(coredump.threads().getFirst().name()).isEqualTo("uplink");
        assertThat(register(coredump, "x0")).isEqualTo(0x9000);
        assertThat(register(coredump, "pc")).isEqualTo(0x9020);
        assertThat(register(coredump, 1, "sp")).isEqualTo(0x101f);
        assertThat(coredump.fault()).isEqualTo(new FaultState.Signal(11, OptionalLong.of(1), OptionalLong.of(0x18)));
        assertThat(coredump.memory().unsigned(0x7f10_0008L, 8)).hasValue(4);
        assertThat(coredump.memory().unsigned(0x5000_0000L, 8)).hasValue(99);
        assertThat(coredump.warnings()).isEmpty();
    }

    @Test
    void modulesHaveTheirBuildIdAndMappedFilesAreModulesAsWell() {
        var images = DumpBytes.read(usual().array()).getFirst().images();

        assertThat(images).extracting(LoadedImage::name).containsExactly("gateway", "libc.so.6");
        assertThat(String.valueOf(images.getFirst().buildId())).isEqualTo(BUILD_ID);
        assertThat(images.get(1).buildId()).isNull();
        assertThat(images.get(1).bias()).isEqualTo(0x7f_b000_0000L);
    }

    @Test
    void aWriterThatKeepsNoSignalCodeLeavesZero() {
        var layout = new Layout();
        var threads =
                new DumpBytes().u32(1).bytes(thread(layout, 11, 0x7f10_0000L, new DumpBytes().u64(3, 4), aarch64(0)));
        layout.stream(3, threads).stream(6, exception(layout, 11, 11, 0, 0x18, aarch64(0))).stream(7, system(AARCH64));

        assertThat(DumpBytes.read(layout.array()).getFirst().fault())
                .isEqualTo(new FaultState.Signal(11, OptionalLong.empty(), OptionalLong.of(0x18)));
    }

    private static Layout annotated(long entries) {
        var layout = usual();
        long key = layout.place(new DumpBytes().u32(3).text("ver").zeros(1));
        long value = layout.place(new DumpBytes().u32(5).text("1.4.2").zeros(1));
        long dictionary = layout.place(new DumpBytes().u32(entries, key, value));
        return layout.stream(
                0x4350_0001L,
                new DumpBytes().u32(1).zeros(32).u32(12, dictionary).zeros(8));
    }

    @Test
    void whatTheProgramToldCrashpadComesAsText() {
        assertThat(DumpBytes.read(annotated(1).array()).getFirst().text()).containsExactly("ver = 1.4.2");
    }

    @Test
    void moreAnnotationsThanThereAreAreSaidToBeDamaged() {
        var coredump = DumpBytes.read(annotated(2).array()).getFirst();

        assertThat(coredump.text()).containsExactly("ver = 1.4.2");
        assertThat(coredump.warnings())
                .singleElement()
                .asString()
                .startsWith("Damaged: Crashpad annotations")
                .endsWith("needs 0x8 bytes, 0x0 left");
    }

    static Stream<Arguments> contexts() {
        long[] x86 = {7, 6, 3, 2, 1, 0, 5, 8, 0x23, 0x202, 4, 0x2b};
        return Stream.of(
                Arguments.of(0, "x86", new DumpBytes().zeros(156).u32(x86), "eip", 8L, "esp", 4L),
                Arguments.of(
                        5,
                        "arm",
                        new DumpBytes().u32(0x4000_0000L).counting(0, 17).zeros(300),
                        "pc",
                        15L,
                        "r7",
                        7L),
                Arguments.of(
                        9,
                        "x86-64",
                        new DumpBytes().zeros(120).u64(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16),
                        "rip",
                        16L,
                        "rsp",
                        4L),
                Arguments.of(
                        0x8003,
                        "aarch64",
                        new DumpBytes()
                                .u64(0x8000_0000L)
                                .u64(counting64(33))
                                .u32(9)
                                .zeros(100),
                        "pc",
                        32L,
                        "pstate",
                        9L),
                Arguments.of(
                        0x8005, "riscv32", new DumpBytes().u32(0x80_0000L, 1).counting(0, 32), "pc", 0L, "t6", 31L),
                Arguments.of(
                        0x8006,
                        "riscv64",
                        new DumpBytes().u32(0x800_0000L, 1).u64(counting64(32)),
                        "ra",
                        1L,
                        "sp",
                        2L));
    }

    private static long[] counting64(int count) {
        long[] words = new long[count];
        Arrays.setAll(words, i -> i);
        return words;
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("contexts")
    void everyProcessorHasItsContext(
            int number, String label, DumpBytes context, String one, long first, String other, long second) {
        var layout = new Layout();
        var threads = new DumpBytes().u32(1).bytes(thread(layout, 1, 0x1000, new DumpBytes(), context));
        layout.stream(3, threads).stream(6, exception(layout, 1, 6, 0, 0, new DumpBytes())).stream(7, system(number));

        var coredump = DumpBytes.read(layout.array()).getFirst();

        assertThat(coredump.architecture().label()).isEqualTo(label);
        assertThat(register(coredump, one)).isEqualTo(first);
        assertThat(register(coredump, other)).isEqualTo(second);
    }

    @Test
    void aDumpThatTheProgramAskedForSaysSo() {
        var layout = new Layout();
        var threads = new DumpBytes().u32(1).bytes(thread(layout, 1, 0x1000, new DumpBytes(), aarch64(0)));
        layout.stream(3, threads).stream(6, exception(layout, 1, 0xffff_ffffL, 0, 0, aarch64(0))).stream(
                7, system(AARCH64));

        var coredump = DumpBytes.read(layout.array()).getFirst();

        assertThat(coredump.identity().reason()).isEqualTo("dump-requested");
        assertThat(coredump.fault()).isEqualTo(new FaultState.Unrecorded());
    }

    @Test
    void memoryInOnePieceBehindTheStreamsIsRead() {
        var layout = new Layout();
        var threads = new DumpBytes().u32(1).bytes(thread(layout, 1, 0x1000, new DumpBytes(), aarch64(0)));
        long at = layout.place(new DumpBytes().u64(7, 8, 9));
        layout.stream(3, threads).stream(7, system(AARCH64)).stream(
                9, new DumpBytes().u64(2, at, 0x6000, 8, 0x7000, 16));

        var coredump = DumpBytes.read(layout.array()).getFirst();

        assertThat(coredump.memory().unsigned(0x6000, 8)).hasValue(7);
        assertThat(coredump.memory().unsigned(0x7008, 8)).hasValue(9);
        assertThat(coredump.crashedThread()).isEmpty();
        assertThat(coredump.warnings())
                .containsExactly("The minidump has no exception: which thread is to blame is not known");
    }

    @Test
    void aBrokenListCostsOnlyItself() {
        var layout = usual();
        layout.streams.set(1, new Stream_(4, new DumpBytes().u32(1_000_000)));

        var coredump = DumpBytes.read(layout.array()).getFirst();

        assertThat(coredump.threads()).hasSize(2);
        assertThat(coredump.warnings()).singleElement().asString().contains("1000000 entries of 108 bytes in 0 bytes");
    }

    @Test
    void withoutItsProcessorNothingCanBeRead() {
        assertThatThrownBy(() -> DumpBytes.read(
                        new Layout().stream(24, new DumpBytes().u32(0)).array()))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("without system information");
    }
}
