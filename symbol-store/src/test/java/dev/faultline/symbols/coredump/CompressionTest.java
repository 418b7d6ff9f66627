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
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

class CompressionTest {
    private static final byte[] PLAIN = noise(20_000);

    @Test
    void plainBytesStayAsTheyAre() {
        assertThat(unpack(PLAIN)).isEqualTo(PLAIN);
    }

    @Test
    void gzipZstdAndXzAreFoundByTheirFirstBytes() throws IOException {
        assertThat(unpack(gzip(PLAIN))).isEqualTo(PLAIN);
        assertThat(unpack(Zstd.compress(PLAIN))).isEqualTo(PLAIN);
        assertThat(unpack(xz(PLAIN))).isEqualTo(PLAIN);
    }

    @Test
    void ofACutStreamTheBeginningIsKept() throws IOException {
        byte[] packed = gzip(PLAIN);

        var unpacked = Compression.unpack(MemorySegment.ofArray(Arrays.copyOf(packed, 10_000)), Limits.DEFAULT);

        byte[] kept = unpacked.bytes().toArray(ValueLayout.JAVA_BYTE);
        assertThat(kept).hasSizeGreaterThan(5_000).isEqualTo(Arrays.copyOf(PLAIN, kept.length));
        assertThat(unpacked.damage())
                .hasValueSatisfying(
                        damage -> assertThat(damage).startsWith("The gzip data is damaged after byte " + kept.length));
    }

    @Test
    void aBombIsRefusedBeforeItFillsTheMemory() throws IOException {
        byte[] bomb = Zstd.compress(new byte[60 << 20]);

        assertThatThrownBy(() -> unpack(bomb))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("zstd data of " + bomb.length + " bytes becomes more than 1000 times as many");
    }

    @Test
    void aStreamThatGivesNothingIsRefused() {
        assertThatThrownBy(() -> unpack(new byte[] {0x1f, (byte) 0x8b, 8}))
                .isInstanceOf(FormatException.class)
                .hasMessageStartingWith("coredump at 0x0: broken gzip data");
    }

    private static byte[] unpack(byte[] upload) {
        return Compression.unpack(MemorySegment.ofArray(upload), Limits.DEFAULT)
                .bytes()
                .toArray(ValueLayout.JAVA_BYTE);
    }

    private static byte[] gzip(byte[] plain) throws IOException {
        var packed = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(packed)) {
            out.write(plain);
        }
        return packed.toByteArray();
    }

    private static byte[] xz(byte[] plain) throws IOException {
        var packed = new ByteArrayOutputStream();
        try (OutputStream out = new XZOutputStream(packed, new LZMA2Options(1))) {
            out.write(plain);
        }
        return packed.toByteArray();
    }

    private static byte[] noise(int size) {
        byte[] noise = new byte[size];
        new Random(1).nextBytes(noise);
        return noise;
    }
}
