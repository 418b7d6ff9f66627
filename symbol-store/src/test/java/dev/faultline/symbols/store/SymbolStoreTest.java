package dev.faultline.symbols.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.index.BuildTimeException;
import dev.faultline.symbols.index.SymbolIndex;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Leases on symbols, what the budget evicts, and indexes that are built again. */
@Timeout(60)
class SymbolStoreTest {
    private static final Path ELF = Path.of("../firmware-fixtures/symbols/elf");
    private static final long ROOM_FOR_ALL = 1L << 30;
    private static final long ROOM_FOR_NONE = 1;

    @TempDir
    private Path directory;

    private BlobStore blobs;
    private String arm = "";
    private String host = "";

    @BeforeEach
    void storeDebugFiles() throws IOException {
        blobs = BlobStore.at(directory);
        arm = put("flash-dwarf5-o2.elf");
        host = put("x86-64-gcc.elf");
    }

    private final List<SymbolStore> stores = new ArrayList<>();

    @AfterEach
    void close() {
        stores.forEach(SymbolStore::close);
    }

    @Test
    void leasesOfOneFileShareItsIndexAndDebugFile() throws IOException {
        var store = store(ROOM_FOR_ALL);
        try (var first = lease(store, arm);
                var second = lease(store, arm)) {
            assertThat(second.index()).isSameAs(first.index());
            assertThat(second.elf()).isSameAs(first.elf());
            assertThat(first.name()).isEqualTo("image");
        }
        try (var later = lease(store, arm)) {
            assertReadable(later);
        }
    }

    @Test
    void aFileThatIsNotHereHasNoLease() throws IOException {
        String nobodys = "0".repeat(64);

        assertThat(store(ROOM_FOR_ALL).open(nobodys, "image")).isEmpty();
        assertThatThrownBy(() -> store(ROOM_FOR_ALL).add(nobodys)).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void anIndexLargerThanAllTheRoomIsLeasedNonetheless() throws IOException {
        var store = store(ROOM_FOR_NONE);
        try (var lease = lease(store, arm)) {
            assertReadable(lease);
        }
    }

    @Test
    void anIndexThatIsEvictedWhileLeasedIsReadableUntilItIsReleased() throws IOException {
        var store = store(ROOM_FOR_NONE);
        var lease = lease(store, arm);
        for (int i = 0; i < 5; i++) {
            lease(store, host).close(); // takes all the room there is
        }
        assertReadable(lease);

        lease.close();

        assertThatThrownBy(() -> assertReadable(lease)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aLeaseThatIsClosedTwiceTakesNothingFromTheOthers() throws IOException {
        var store = store(ROOM_FOR_ALL);
        var first = lease(store, arm);
        try (var second = lease(store, arm)) {
            first.close();
            first.close();
            store.close();
            assertReadable(second);
        }
    }

    @Test
    void anEvictedIndexIsOpenedAgainAndNotBuiltAgain() throws IOException {
        var store = store(ROOM_FOR_NONE);
        lease(store, arm).close();
        Object built = fileKey(arm);

        try (var again = lease(store, arm)) {
            assertReadable(again);
        }
        assertThat(fileKey(arm)).isEqualTo(built);
    }

    @Test
    void closingTheStoreUnmapsOnlyWhatNobodyUses() throws IOException {
        var store = store(ROOM_FOR_ALL);
        var used = lease(store, arm);
        var unused = lease(store, host);
        unused.close();

        store.close();

        assertReadable(used);
        assertThatThrownBy(() -> assertReadable(unused)).isInstanceOf(IllegalStateException.class);
        used.close();
        assertThatThrownBy(() -> assertReadable(used)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void manyWhoOpenAtOnceBuildOnce() throws Exception {
        var store = store(ROOM_FOR_ALL);
        var openers = new ArrayList<Callable<Object>>();
        for (int i = 0; i < 16; i++) {
            boolean adds = i % 2 == 0;
            openers.add(() -> {
                if (adds) {
                    store.add(arm);
                } else {
                    try (var lease = lease(store, arm)) {
                        assertReadable(lease);
                    }
                }
                return fileKey(arm);
            });
        }
        var files = new HashSet<>();
        try (var threads = Executors.newFixedThreadPool(8)) {
            for (Future<Object> opener : threads.invokeAll(openers)) {
                files.add(opener.get());
            }
        }
        assertThat(files).hasSize(1);
    }

    @Test
    void manyWhoOpenAndEvictAtOnceReadWhatTheyLeased() throws Exception {
        var store = store(ROOM_FOR_NONE);
        var openers = new ArrayList<Callable<Boolean>>();
        for (int i = 0; i < 8; i++) {
            String file = i % 2 == 0 ? arm : host;
            openers.add(() -> {
                for (int round = 0; round < 50; round++) {
                    try (var lease = lease(store, file)) {
                        assertReadable(lease);
                    }
                }
                return true;
            });
        }
        try (var threads = Executors.newFixedThreadPool(8)) {
            for (Future<Boolean> opener : threads.invokeAll(openers)) {
                assertThat(opener.get()).isTrue();
            }
        }
    }

    @Test
    void aDamagedIndexIsBuiltAgain() throws IOException {
        store(ROOM_FOR_ALL).add(arm);
        Path index = indexFile(arm);
        long size = Files.size(index);
        try (var file = new RandomAccessFile(index.toFile(), "rw")) {
            file.setLength(size / 2);
        }
        try (var lease = lease(store(ROOM_FOR_ALL), arm)) {
            assertReadable(lease);
        }
        assertThat(Files.size(index)).isEqualTo(size);
    }

    @Test
    void anIndexOfAnotherVersionIsBuiltAgain() throws IOException {
        store(ROOM_FOR_ALL).add(arm);
        Path index = indexFile(arm);
        byte[] whole = Files.readAllBytes(index);
        byte[] other = whole.clone();
        other[8] = (byte) (other[8] + 40); // the version stands behind the eight bytes that say what it is
        Files.write(index, other);
        assertThatThrownBy(() -> SymbolIndex.open(index))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("format version");

        try (var lease = lease(store(ROOM_FOR_ALL), arm)) {
            assertReadable(lease);
        }
        assertThat(Files.readAllBytes(index)).isEqualTo(whole);
    }

    @Test
    void anIndexThatIsForgottenIsGoneAndItsLeasesAreNot() throws IOException {
        var store = store(ROOM_FOR_ALL);
        try (var lease = lease(store, arm)) {
            store.forget(arm);
            assertThat(indexFile(arm)).doesNotExist();
            assertReadable(lease);
            try (var again = lease(store, arm)) {
                assertThat(again.index()).isNotSameAs(lease.index());
                assertThat(indexFile(arm)).exists();
            }
        }
        store.forget(arm);
        blobs.delete(arm);
        assertThat(store.open(arm, "image")).isEmpty();
    }

    @Test
    void whatIsNoDebugFileIsRefusedEveryTime() throws IOException {
        Path text = Files.writeString(directory.resolve("text"), "no ELF file");
        var store = store(ROOM_FOR_ALL);
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> store.add(text))
                    .isInstanceOf(FormatException.class)
                    .hasMessageContaining("not an ELF file");
        }
    }

    @Test
    void anIndexThatTookTooLongIsTriedAgain() throws IOException {
        try (var hurried = new SymbolStore(directory, blobs, within(Duration.ZERO), ROOM_FOR_ALL)) {
            assertThatThrownBy(() -> hurried.add(arm))
                    .isInstanceOf(BuildTimeException.class)
                    .hasMessage("its index takes longer than PT0S");
        }

        assertThat(store(ROOM_FOR_ALL).add(arm).functions()).isPositive();
    }

    @Test
    void aStrippedImageAndItsDebugFileHaveOneIndexInEitherOrder() throws IOException {
        var image = new IndexFiles.Part(FileRole.IMAGE, put("separate.elf"));
        var debugFile = new IndexFiles.Part(FileRole.DEBUG_FILE, put("separate.debug"));
        var store = store(ROOM_FOR_ALL);

        var alone = store.add(new IndexFiles(List.of(debugFile)));
        var joined = store.add(new IndexFiles(List.of(image, debugFile)));

        assertThat(alone.unwindRows()).isZero();
        assertThat(joined.unwindRows()).isPositive();
        assertThat(joined.lineCoverage()).isEqualTo(alone.lineCoverage()).isPositive();
        var turned = new IndexFiles(List.of(debugFile, image));
        assertThat(turned.key()).isEqualTo(new IndexFiles(List.of(image, debugFile)).key());
        try (var lease = store.open(turned, "image").orElseThrow()) {
            assertReadable(lease);
        }
    }

    @Test
    void filesOfDifferentBuildsAreRefusedAndNeitherIndexSuffers() throws IOException {
        var store = store(ROOM_FOR_ALL);
        var image = new IndexFiles.Part(FileRole.IMAGE, put("separate.elf"));
        store.add(new IndexFiles(List.of(image)));

        var wrong = new IndexFiles(List.of(image, new IndexFiles.Part(FileRole.DEBUG_FILE, host)));
        assertThatThrownBy(() -> store.add(wrong)).isInstanceOf(FormatException.class);

        lease(store, image.sha256()).close();
    }

    @Test
    void companionsCompleteAnIndexWhateverTheyAreCalled() throws IOException {
        assertThat(completed("packed-gcc-dwarf4.elf", FileRole.PACKAGE, "packed-gcc-dwarf4.elf.dwp"))
                .isPositive();
        assertThat(completed("packed-clang-dwarf5.elf", FileRole.PACKAGE, "packed-clang-dwarf5.elf.dwp"))
                .isPositive();
        assertThat(completed(
                        "split-gcc-dwarf5.elf",
                        FileRole.SPLIT,
                        "split-gcc-dwarf5-names.dwo",
                        "split-gcc-dwarf5-ring.dwo",
                        "split-gcc-dwarf5-start-host.dwo"))
                .isPositive();
        assertThat(completed("dwz-alternate.elf", FileRole.ALTERNATE, "dwz-alternate.common"))
                .isPositive();
    }

    /** How many inlined calls more there are with the companions than without. */
    private int completed(String image, FileRole role, String... companions) throws IOException {
        var store = store(ROOM_FOR_ALL);
        var parts = new ArrayList<IndexFiles.Part>();
        parts.add(new IndexFiles.Part(FileRole.WHOLE, put(image)));
        int without = store.add(new IndexFiles(parts)).inlinedCalls();
        for (String companion : companions) {
            parts.add(new IndexFiles.Part(role, put(companion)));
        }
        return store.add(new IndexFiles(parts)).inlinedCalls() - without;
    }

    private static Limits within(Duration buildTime) {
        var most = Limits.DEFAULT;
        return new Limits(
                most.decompressedBytes(),
                most.decompressionRatio(),
                most.sections(),
                most.segments(),
                most.symbols(),
                most.relocations(),
                most.units(),
                most.dieDepth(),
                most.abbreviations(),
                most.lineRows(),
                most.files(),
                most.ranges(),
                most.stringBytes(),
                most.referenceChain(),
                most.inlinedCalls(),
                most.inlineDepth(),
                most.unwindRows(),
                most.expressionSteps(),
                most.demangledCharacters(),
                most.indexBytes(),
                buildTime,
                most.threads(),
                most.frames(),
                most.noteBytes(),
                most.logBytes());
    }

    private SymbolStore store(long openBytes) {
        var store = new SymbolStore(directory, blobs, Limits.DEFAULT, openBytes);
        stores.add(store);
        return store;
    }

    private String put(String elf) throws IOException {
        try (var bytes = Files.newInputStream(ELF.resolve(elf))) {
            return blobs.put(bytes, Long.MAX_VALUE).sha256();
        }
    }

    private static ModuleSymbols lease(SymbolStore store, String sha256) throws IOException {
        return store.open(sha256, "image").orElseThrow();
    }

    private static void assertReadable(ModuleSymbols lease) {
        long code = lease.index().text().getFirst().start();
        assertThat(lease.index().lookup(code)).isNotNull();
        assertThat(lease.elf().readOnly(code, 4)).isPresent();
        assertThat(lease.elf().readOnly(code, 4).orElseThrow().u32()).isNotNegative();
    }

    private Path indexFile(String sha256) throws IOException {
        try (var files = Files.walk(directory.resolve("indexes"))) {
            return files.filter(file -> file.endsWith(sha256 + ".idx"))
                    .findFirst()
                    .orElse(directory.resolve("indexes").resolve("none"));
        }
    }

    private Object fileKey(String sha256) throws IOException {
        return Files.readAttributes(indexFile(sha256), BasicFileAttributes.class)
                .fileKey();
    }
}
