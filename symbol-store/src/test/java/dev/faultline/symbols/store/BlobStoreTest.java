package dev.faultline.symbols.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlobStoreTest {
    private static final String SHA256_OF_ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @TempDir
    private Path directory;

    private BlobStore store;

    @BeforeEach
    void open() throws IOException {
        store = BlobStore.at(directory);
    }

    @Test
    void bytesAreFoundByTheirHash() throws IOException {
        var blob = store.put(stream("abc"), 3);

        assertThat(blob).isEqualTo(new BlobStore.Blob(SHA256_OF_ABC, 3, true));
        assertThat(Files.readString(store.path(SHA256_OF_ABC).orElseThrow())).isEqualTo("abc");
    }

    @Test
    void theSameBytesAgainAreNotNew() throws IOException {
        store.put(stream("abc"), 3);

        assertThat(store.put(stream("abc"), 3)).isEqualTo(new BlobStore.Blob(SHA256_OF_ABC, 3, false));
    }

    @Test
    void oneByteTooManyKeepsNothing() throws IOException {
        assertThatThrownBy(() -> store.put(stream("abcd"), 3))
                .isInstanceOf(BlobStore.TooLarge.class)
                .hasMessage("more than the 3 bytes allowed");

        assertThat(incoming()).isEmpty();
    }

    @Test
    void anUploadThatBreaksOffKeepsNothing() throws IOException {
        var breaking = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("connection reset");
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                return read();
            }
        };

        assertThatThrownBy(() -> store.put(breaking, 3)).hasMessage("connection reset");
        assertThat(incoming()).isEmpty();
    }

    @Test
    void whatWasPutAgainIsNoLongerUnused() throws IOException, InterruptedException {
        store.put(stream("abc"), 3);
        Thread.sleep(20);
        Instant later = Instant.now();
        Thread.sleep(20);
        store.put(stream("abc"), 3);

        assertThat(store.deleteUnused(SHA256_OF_ABC, later)).isFalse();
        assertThat(store.deleteUnused(SHA256_OF_ABC, Instant.now().plusSeconds(1)))
                .isTrue();
        assertThatThrownBy(() -> store.open(SHA256_OF_ABC)).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void aNameThatIsNoHashNeverBecomesAPath() {
        assertThatThrownBy(() -> store.path("../../../etc/passwd")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void manyAtOnceWithTheSameBytesAddThemOnce() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var puts = new ArrayList<Future<BlobStore.Blob>>();
            for (int i = 0; i < 16; i++) {
                puts.add(threads.submit(() -> store.put(stream("abc"), 3)));
            }
            int added = 0;
            for (var put : puts) {
                added += put.get().added() ? 1 : 0;
            }
            assertThat(added).isEqualTo(1);
        }
        assertThat(incoming()).isEmpty();
    }

    private Path[] incoming() throws IOException {
        try (var files = Files.list(directory.resolve("incoming"))) {
            return files.toArray(Path[]::new);
        }
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }
}
