package dev.faultline.symbols.coredump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.apache.commons.compress.compressors.lz4.FramedLZ4CompressorOutputStream;
import org.junit.jupiter.api.Test;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

class UploadedFileTest {
    private static final byte[] PLAIN = noise(20_000);

    @Test
    void plainBytesStayAsTheyAre() {
        assertThat(unpack(PLAIN)).isEqualTo(PLAIN);
    }

    @Test
    void eachPackingIsFoundByItsFirstBytes() throws IOException {
        assertThat(unpack(packed(GZIPOutputStream::new, PLAIN))).isEqualTo(PLAIN);
        assertThat(unpack(Zstd.compress(PLAIN))).isEqualTo(PLAIN);
        assertThat(unpack(packed(out -> new XZOutputStream(out, new LZMA2Options(1)), PLAIN)))
                .isEqualTo(PLAIN);
        assertThat(unpack(packed(FramedLZ4CompressorOutputStream::new, PLAIN))).isEqualTo(PLAIN);
        assertThat(unpack(packed(BZip2CompressorOutputStream::new, PLAIN))).isEqualTo(PLAIN);
    }

    @Test
    void theStrongestSettingOfXzIsRead() throws IOException {
        byte[] packed = packed(out -> new XZOutputStream(out, new LZMA2Options(LZMA2Options.PRESET_MAX)), PLAIN);

        assertThat(unpack(packed)).isEqualTo(PLAIN);
    }

    @Test
    void theCoredumpOfALargeProcessIsUnpackedToAFile() throws IOException {
        byte[] large = noise(UnpackedBytes.MOST_ON_HEAP + 12_345);

        var file = only(Zstd.compress(large));

        assertThat(file.bytes().isNative()).isTrue();
        assertThat(file.bytes().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(large);
    }

    @Test
    void ofACutStreamTheBeginningIsKept() throws IOException {
        byte[] packed = packed(GZIPOutputStream::new, PLAIN);

        var file = only(Arrays.copyOf(packed, 10_000));

        byte[] kept = file.bytes().toArray(ValueLayout.JAVA_BYTE);
        assertThat(kept).hasSizeGreaterThan(5_000).isEqualTo(Arrays.copyOf(PLAIN, kept.length));
        assertThat(file.damage())
                .hasValueSatisfying(damage -> assertThat(damage)
                        .startsWith(
                                "The gzip data is damaged after byte " + kept.length + " of the unpacked coredump"));
    }

    @Test
    void aBombIsRefusedBeforeItFillsTheMemory() {
        byte[] bomb = Zstd.compress(new byte[80 << 20]);

        assertThatThrownBy(() -> unpack(bomb))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("zstd data of " + bomb.length + " bytes becomes more than 1000 times as many");
    }

    @Test
    void aBombInAnArchiveIsRefusedAsWell() throws IOException {
        byte[] bomb = zip(List.of("a.core", "b.core"), List.of(new byte[10], new byte[80 << 20]));

        assertThatThrownBy(() -> unpack(bomb))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("zip archive of " + bomb.length + " bytes becomes more than 1000 times as many");
    }

    @Test
    void aStreamThatGivesNothingIsRefused() {
        assertThatThrownBy(() -> unpack(new byte[] {0x1f, (byte) 0x8b, 8}))
                .isInstanceOf(FormatException.class)
                .hasMessageStartingWith("coredump at 0x0: broken gzip data");
    }

    @Test
    void everyFileOfAnArchiveIsOneWithItsNamePackedOrNot() throws IOException {
        byte[] archive = zip(
                List.of("crashes/", "crashes/a.core", "crashes/b.core.gz"),
                List.of(new byte[0], PLAIN, packed(GZIPOutputStream::new, PLAIN)));

        var files = UploadedFile.of(MemorySegment.ofArray(archive), Limits.DEFAULT);

        assertThat(files).extracting(UploadedFile::name).containsExactly("crashes/a.core", "crashes/b.core.gz");
        assertThat(files).allSatisfy(file -> {
            assertThat(file.bytes().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(PLAIN);
            assertThat(file.damage()).isEmpty();
        });
    }

    @Test
    void theElfCoreOfOneCrashOfAnArchiveIsTheFileItself() throws IOException {
        var directory = Path.of("../firmware-fixtures/coredumps");
        byte[] first = Files.readAllBytes(directory.resolve("main-fw-1.0.0-rev-a-brownout.core"));
        byte[] second = Files.readAllBytes(directory.resolve("main-fw-1.0.0-rev-a-unknown-channel.core"));
        var archive = MemorySegment.ofArray(zip(List.of("a", "b"), List.of(first, second)));

        var chosen = CoredumpFormat.read(archive, 2, Limits.DEFAULT);

        assertThat(chosen.elf().orElseThrow().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(second);
        assertThat(chosen.coredumps()).isEqualTo(2);
        assertThatThrownBy(() -> CoredumpFormat.read(archive, 3, Limits.DEFAULT))
                .isInstanceOf(FormatException.class)
                .hasMessage("coredump at 0x0: it has 2 coredumps, number 3 is not there");
    }

    @Test
    void ofACutArchiveTheFilesBeforeTheCutAreKept() throws IOException {
        byte[] archive = zip(List.of("a.core", "b.core"), List.of(PLAIN, PLAIN));

        var files = UploadedFile.of(MemorySegment.ofArray(Arrays.copyOf(archive, 30_000)), Limits.DEFAULT);

        assertThat(files).extracting(UploadedFile::name).containsExactly("a.core", "b.core");
        assertThat(files.getFirst().bytes().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(PLAIN);
        assertThat(files.getFirst().damage()).isEmpty();
        assertThat(files.getLast().damage())
                .hasValueSatisfying(damage -> assertThat(damage).startsWith("The zip archive is damaged after byte "));
    }

    @Test
    void anArchiveOfVeryManyFilesIsRefused() throws IOException {
        var names = IntStream.rangeClosed(0, UploadedFile.MOST_FILES)
                .mapToObj(i -> i + ".core")
                .toList();
        byte[] archive = zip(names, names.stream().map(name -> new byte[1]).toList());

        assertThatThrownBy(() -> unpack(archive))
                .isInstanceOf(FormatException.class)
                .hasMessage("coredump at 0x0: a zip archive of more than 256 files");
    }

    @Test
    void anArchiveWithoutFilesIsRefused() throws IOException {
        byte[] archive = zip(List.of("nothing/"), List.of(new byte[0]));

        assertThatThrownBy(() -> unpack(archive))
                .isInstanceOf(FormatException.class)
                .hasMessage("coredump at 0x0: a zip archive without a file");
    }

    @Property(tries = 200)
    void whateverByteOfAnArchiveIsBrokenNothingButATypedErrorComesOut(
            @ForAll @IntRange(min = 4, max = 399) int place, @ForAll byte value) throws IOException {
        byte[] archive = zip(List.of("a.core", "b.core"), List.of(noise(100), noise(100)));
        archive[place % archive.length] = value;

        try {
            assertThat(UploadedFile.of(MemorySegment.ofArray(archive), Limits.DEFAULT))
                    .isNotEmpty();
        } catch (FormatException refused) {
            assertThat(refused).hasMessageContaining(" at 0x0: ");
        }
    }

    private static UploadedFile only(byte[] upload) {
        var files = UploadedFile.of(MemorySegment.ofArray(upload), Limits.DEFAULT);
        assertThat(files).hasSize(1);
        return files.getFirst();
    }

    private static byte[] unpack(byte[] upload) {
        return only(upload).bytes().toArray(ValueLayout.JAVA_BYTE);
    }

    private interface Packer {
        OutputStream around(OutputStream out) throws IOException;
    }

    private static byte[] packed(Packer packer, byte[] plain) throws IOException {
        var packed = new ByteArrayOutputStream();
        try (OutputStream out = packer.around(packed)) {
            out.write(plain);
        }
        return packed.toByteArray();
    }

    private static byte[] zip(List<String> names, List<byte[]> files) throws IOException {
        var packed = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(packed)) {
            for (int i = 0; i < names.size(); i++) {
                zip.putNextEntry(new ZipEntry(names.get(i)));
                zip.write(files.get(i));
                zip.closeEntry();
            }
        }
        return packed.toByteArray();
    }

    private static byte[] noise(int size) {
        byte[] noise = new byte[size];
        new Random(1).nextBytes(noise);
        return noise;
    }
}
