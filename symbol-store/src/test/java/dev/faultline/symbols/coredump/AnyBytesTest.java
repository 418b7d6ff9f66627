package dev.faultline.symbols.coredump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Whatever comes in: coredumps with what could be read, or the one typed error. */
class AnyBytesTest {
    private static final Path FIXTURES = Path.of("..", "firmware-fixtures", "formats");
    private static final Path ESP_FIXTURES = Path.of("..", "firmware-fixtures", "esp");

    /** Beginnings that send what follows into each of the parsers. */
    private static final List<byte[]> BEGINNINGS = List.of(
            new DumpBytes().text("CORE").u32(2, 300).array(),
            new DumpBytes().text("CORE").u32(1, 200).u8(0).zeros(3).u32(0, 76).array(),
            new DumpBytes()
                    .text("ZE")
                    .u16(2)
                    .u16(3)
                    .u8(5)
                    .u8(0)
                    .u32(0)
                    .text("A")
                    .u16(1)
                    .u16(36)
                    .array(),
            new DumpBytes().text("ZE").u16(2).u16(5).u8(5).u8(0).u32(0).array(),
            new DumpBytes()
                    .text("CD")
                    .u16(1)
                    .u32(64)
                    .u32(0)
                    .u32(0)
                    .text("ZE")
                    .u16(1)
                    .u16(4)
                    .u8(6)
                    .u8(0)
                    .u32(0)
                    .array(),
            new DumpBytes().u32(400, 0x0003, 2, 8, 1).array(),
            new DumpBytes().u32(400, 0x50002, 1, 8, 1).array(),
            new DumpBytes().u32(400, 0x104, 0, 0x464c457f).array(),
            new DumpBytes().u32(400, 0x50102, 0, 0, 0, 0, 0x464c457f).array(),
            new DumpBytes().text("MDMP").u32(0xa793, 4, 32).array(),
            new DumpBytes().u8(0x63).u8(0x43).u8(3).u8(0).u32(1).array(),
            "63430300 00000000".getBytes(StandardCharsets.US_ASCII),
            "#CD:BEGIN#\n#CD:5a45020003000500".getBytes(StandardCharsets.US_ASCII),
            "CORE DUMP START\nrAwAAAQBDQ==\n".getBytes(StandardCharsets.US_ASCII),
            "Guru Meditation Error: Core  0 panic'ed (x).\nBacktrace: 0x40081108:0x3ffb4ec0 "
                    .getBytes(StandardCharsets.US_ASCII),
            ">>> ZEPHYR FATAL ERROR 0: x\n".getBytes(StandardCharsets.US_ASCII),
            "{\"format\":\"faultline-crash-1\",\"architecture\":\"xtensa\",".getBytes(StandardCharsets.US_ASCII));

    @Provide
    Arbitrary<byte[]> uploads() {
        var bytes = Arbitraries.bytes().array(byte[].class).ofMaxSize(600);
        var small = Arbitraries.of((byte) 0, (byte) 1, (byte) 4, (byte) 'A', (byte) 'M', (byte) 'T', (byte) 0xff)
                .array(byte[].class)
                .ofMaxSize(600);
        var text = Arbitraries.strings()
                .withChars("0123456789abcdef:x#CD \nABEND=/+\"{}[],")
                .ofMaxLength(600)
                .map(characters -> characters.getBytes(StandardCharsets.US_ASCII));
        return Arbitraries.of(BEGINNINGS)
                .flatMap(begin -> Arbitraries.oneOf(bytes, small, text)
                        .map(rest -> new DumpBytes().bytes(begin).bytes(rest).array()));
    }

    @Property(tries = 6000)
    void anyBytesGiveCoredumpsOrAFormatException(@ForAll("uploads") byte[] upload) {
        read(upload);
    }

    @Provide
    Arbitrary<Path> fixtures() {
        try (var formats = Files.list(FIXTURES);
                var esp = Files.list(ESP_FIXTURES)) {
            return Arbitraries.of(Stream.concat(formats, esp)
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Property(tries = 600)
    void aCutFixtureGivesCoredumpsOrAFormatException(
            @ForAll("fixtures") Path fixture, @ForAll @IntRange(max = 999) int thousandths) throws IOException {
        byte[] whole = Files.readAllBytes(fixture);
        read(Arrays.copyOf(whole, (int) ((long) whole.length * thousandths / 1000)));
    }

    @Property(tries = 1500)
    void aChangedFixtureGivesCoredumpsOrAFormatException(
            @ForAll("fixtures") Path fixture, @ForAll int place, @ForAll byte value) throws IOException {
        byte[] changed = Files.readAllBytes(fixture);
        changed[Math.floorMod(place, Math.min(changed.length, 400))] = value;
        read(changed);
    }

    private static void read(byte[] upload) {
        long start = System.nanoTime();
        try {
            var coredumps = CoredumpFormat.read(MemorySegment.ofArray(upload), Limits.DEFAULT);
            assertThat(coredumps).isNotEmpty().hasSizeLessThanOrEqualTo(ZephyrLog.MOST);
        } catch (FormatException expected) {
            assertThat(expected).hasMessageContaining(" at 0x");
        }
        if (System.nanoTime() - start > 5_000_000_000L) {
            fail("%d bytes took more than 5 s", upload.length);
        }
    }
}
