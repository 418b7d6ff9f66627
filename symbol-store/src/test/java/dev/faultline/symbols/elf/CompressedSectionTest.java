package dev.faultline.symbols.elf;

import static dev.faultline.symbols.elf.ElfBuilder.concat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.FormatException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CompressedSectionTest {
    private static final int ZLIB = 1;
    private static final int ZSTD = 2;

    @ParameterizedTest
    @CsvSource({
        "true, LITTLE_ENDIAN, 1", "true, LITTLE_ENDIAN, 2", "true, BIG_ENDIAN, 1", "true, BIG_ENDIAN, 2",
        "false, LITTLE_ENDIAN, 1", "false, LITTLE_ENDIAN, 2", "false, BIG_ENDIAN, 1", "false, BIG_ENDIAN, 2"
    })
    void bothPackingsAreReadInBothClassesAndByteOrders(boolean is64Bit, String order, int packing) {
        byte[] text = "the quick brown fox".repeat(100).getBytes(StandardCharsets.UTF_8);
        var byteOrder = order.equals("BIG_ENDIAN") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        var builder = new ElfBuilder(is64Bit, byteOrder, ElfHeader.ET_EXEC, Machine.EM_PPC);
        builder.section(
                ".debug_str",
                Section.SHT_PROGBITS,
                Section.SHF_COMPRESSED,
                packed(text, text.length, packing, is64Bit, byteOrder));
        try (var elf = Fixtures.of(builder.build())) {
            assertThat(Fixtures.bytes(elf, ".debug_str")).isEqualTo(text);
            assertThat(elf.bytes(elf.section(".debug_str").orElseThrow()).order())
                    .isEqualTo(byteOrder);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"x86-64-gcc-zlib", "x86-64-gcc-zstd", "x86-64-gcc-zdebug"})
    void whatObjcopyPackedIsWhatItWasBefore(String name) {
        try (var packed = Fixtures.open(Fixtures.elf(name));
                var plain = Fixtures.open(Fixtures.elf("x86-64-gcc"))) {
            for (String section : List.of("info", "line", "str")) {
                String prefix = name.endsWith("zdebug") ? ".zdebug_" : ".debug_";
                assertThat(Fixtures.bytes(packed, prefix + section))
                        .isEqualTo(Fixtures.bytes(plain, ".debug_" + section));
            }
        }
    }

    @Test
    void contentsTooLargeForTheHeapAreAsGood() {
        byte[] contents = new byte[3 << 20];
        for (int i = 0; i < contents.length; i++) {
            contents[i] = (byte) ((i * 31) >> 5);
        }
        try (var elf = Fixtures.of(withSection(packed(contents, contents.length, ZLIB)))) {
            assertThat(Arrays.equals(Fixtures.bytes(elf, ".debug_info"), contents))
                    .isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {ZLIB, ZSTD})
    void fourGigabytesOutOfNothingAreRefusedBeforeAnyOfThem(int packing) {
        byte[] bomb = packed(new byte[1 << 16], 0xffff_ffffL, packing);

        try (var elf = Fixtures.of(withSection(bomb))) {
            assertThatThrownBy(() -> Fixtures.bytes(elf, ".debug_info"))
                    .isInstanceOf(FormatException.class)
                    .hasMessageContaining("more than 1000:1");
        }
    }

    @Test
    void aSizeAboveTheAddressableIsRefused() {
        byte[] bomb = packed(new byte[16], -1, ZLIB);
        try (var elf = Fixtures.of(withSection(bomb))) {
            assertThatThrownBy(() -> Fixtures.bytes(elf, ".debug_info"))
                    .isInstanceOf(FormatException.class)
                    .hasMessageContaining("0xffffffffffffffff bytes out of");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {ZLIB, ZSTD})
    void aStreamThatIsLongerOrShorterThanItSaysIsRefused(int packing) {
        for (int said : new int[] {99, 101}) {
            try (var elf = Fixtures.of(withSection(packed(new byte[100], said, packing)))) {
                assertThatThrownBy(() -> Fixtures.bytes(elf, ".debug_info"))
                        .isInstanceOf(FormatException.class)
                        .hasMessageContaining("decompresses to other than 0x%x bytes".formatted(said));
            }
        }
    }

    @Test
    void aBombOfZstdFramesStopsWhereItsSizeSaid() {
        // frame after frame of zeros: the size in the header is small, what would come out is not
        byte[] frame = Zstd.compress(new byte[1 << 20]);
        byte[] header = chdr(ZSTD, 4096, true, ByteOrder.LITTLE_ENDIAN);
        byte[][] parts = new byte[2_000][];
        Arrays.fill(parts, frame);
        try (var elf = Fixtures.of(withSection(concat(header, concat(parts))))) {
            assertThatThrownBy(() -> Fixtures.bytes(elf, ".debug_info"))
                    .isInstanceOf(FormatException.class)
                    .hasMessageContaining("decompresses to other than 0x1000 bytes");
        }
    }

    @Test
    void manySectionsOverTheSameBytesMayNotBecomeMoreThanAllowedTogether() {
        var builder = ElfBuilder.elf64(ElfHeader.ET_EXEC);
        byte[] packed = packed(new byte[100_000], 100_000, ZLIB);
        builder.section(".debug_info", Section.SHT_PROGBITS, Section.SHF_COMPRESSED, packed);
        for (int i = 0; i < 50; i++) {
            builder.section(".debug_" + i, Section.SHT_PROGBITS, Section.SHF_COMPRESSED, new byte[0])
                    .offset(64)
                    .size(packed.length);
        }
        byte[] file = builder.build();
        try (var elf = ElfFile.of(ByteReader.of("file", file), Fixtures.limits("decompressedBytes", 1L << 20))) {
            int read = 0;
            int refused = 0;
            for (Section section : elf.sections()) {
                if (section.is(Section.SHF_COMPRESSED)) {
                    try {
                        assertThat(elf.bytes(section).size()).isEqualTo(100_000);
                        read++;
                    } catch (FormatException e) {
                        assertThat(e).hasMessageContaining("becomes 100000 bytes; 48576 of 1048576 are left");
                        refused++;
                    }
                }
            }
            assertThat(read).isEqualTo(10);
            assertThat(refused).isEqualTo(41);
        }
    }

    @Test
    void aSectionThatDoesNotDecompressCostsNothingOfWhatIsAllowed() {
        byte[] broken = packed(new byte[900], 900, ZLIB);
        broken[30] ^= 0x55;
        try (var elf =
                ElfFile.of(ByteReader.of("file", withSection(broken)), Fixtures.limits("decompressedBytes", 1_000L))) {
            for (int i = 0; i < 5; i++) {
                assertThatThrownBy(() -> Fixtures.bytes(elf, ".debug_info"))
                        .isInstanceOf(FormatException.class)
                        .hasMessageContaining(".debug_info")
                        .hasMessageContaining("does not decompress");
            }
        }
    }

    @Test
    void anUnknownPackingIsNamed() {
        byte[] unknown = packed(new byte[10], 10, ZLIB);
        unknown[0] = 9;
        try (var elf = Fixtures.of(withSection(unknown))) {
            assertThatThrownBy(() -> Fixtures.bytes(elf, ".debug_info"))
                    .isInstanceOf(FormatException.class)
                    .hasMessageContaining("ch_type 9, wanted 1 (zlib) or 2 (zstd)");
        }
    }

    @Test
    void anOldPackedSectionThatIsNoneSaysWhatItFound() {
        var builder = ElfBuilder.elf64(ElfHeader.ET_EXEC);
        builder.section(
                ".zdebug_info", Section.SHT_PROGBITS, 0, "PLAIN and not packed".getBytes(StandardCharsets.US_ASCII));
        try (var elf = Fixtures.of(builder.build())) {
            assertThatThrownBy(() -> Fixtures.bytes(elf, ".zdebug_info"))
                    .isInstanceOf(FormatException.class)
                    .hasMessageContaining("found 0x504c4149, wanted ZLIB");
        }
    }

    @Test
    void manyThreadsReadOneSection() throws Exception {
        byte[] contents = new byte[2 << 20];
        for (int i = 0; i < contents.length; i++) {
            contents[i] = (byte) (i * 7);
        }
        var limits = Fixtures.limits("decompressedBytes", (long) contents.length);
        try (var elf = ElfFile.of(ByteReader.of("file", withSection(packed(contents, contents.length, ZLIB))), limits);
                var threads = Executors.newFixedThreadPool(8)) {
            var section = elf.section(".debug_info").orElseThrow();
            var readers = new ArrayList<Callable<byte[]>>();
            for (int i = 0; i < 16; i++) {
                readers.add(() -> Fixtures.bytes(elf.bytes(section)));
            }
            for (Future<byte[]> read : threads.invokeAll(readers)) {
                assertThat(Arrays.equals(read.get(), contents)).isTrue();
            }
        }
    }

    private static byte[] withSection(byte[] packed) {
        var builder = ElfBuilder.elf64(ElfHeader.ET_EXEC);
        builder.section(".debug_info", Section.SHT_PROGBITS, Section.SHF_COMPRESSED, packed);
        return builder.build();
    }

    private static byte[] packed(byte[] contents, long said, int packing) {
        return packed(contents, said, packing, true, ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] packed(byte[] contents, long said, int packing, boolean is64Bit, ByteOrder order) {
        return concat(
                chdr(packing, said, is64Bit, order), packing == ZLIB ? deflated(contents) : Zstd.compress(contents));
    }

    private static byte[] chdr(int packing, long size, boolean is64Bit, ByteOrder order) {
        var out = ByteBuffer.allocate(is64Bit ? 24 : 12).order(order).putInt(packing);
        return is64Bit
                ? out.putInt(0).putLong(size).putLong(1).array()
                : out.putInt((int) size).putInt(1).array();
    }

    private static byte[] deflated(byte[] contents) {
        var out = new ByteArrayOutputStream();
        try (var deflater = new DeflaterOutputStream(out)) {
            deflater.write(contents);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return out.toByteArray();
    }
}
