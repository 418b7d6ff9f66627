package dev.faultline.symbols.rtos;

import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.coredump.Coredump;
import dev.faultline.symbols.coredump.CoredumpFormat;
import dev.faultline.symbols.coredump.DumpThread;
import dev.faultline.symbols.coredump.Memory;
import dev.faultline.symbols.index.DataSymbol;
import dev.faultline.symbols.store.LocalSymbols;
import dev.faultline.symbols.unwind.AddressSpace;
import dev.faultline.symbols.unwind.LoadedSymbols;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A committed crash of a kernel ({@code firmware-fixtures/kernels}) whose memory a test may damage before it is read. */
final class KernelFixture implements AutoCloseable {
    private static final Path KERNELS = Path.of("..", "firmware-fixtures", "kernels");

    private final LocalSymbols symbols;
    private final Coredump coredump;
    private final List<Memory.Region> written = new ArrayList<>();
    private boolean captured = true;

    /** The crash through a null pointer of a build such as {@code freertos-m4f}. */
    KernelFixture(String build) {
        this(build, build);
    }

    /** The same, read with the symbols of another build. */
    KernelFixture(String build, String symbolsOf) {
        symbols = LocalSymbols.of(List.of(KERNELS.resolve("elf/" + symbolsOf + ".elf")), Limits.DEFAULT);
        try {
            byte[] bytes = Files.readAllBytes(KERNELS.resolve("coredumps/" + build + "-null.core"));
            coredump = CoredumpFormat.read(MemorySegment.ofArray(bytes), Limits.DEFAULT)
                    .getFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    DataSymbol symbol(String name) {
        try (var loaded = LoadedSymbols.open(coredump.images(), symbols)) {
            return loaded.modules().stream()
                    .flatMap(module -> module.index().stream())
                    .flatMap(index -> index.data(name).stream())
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("no global is called " + name));
        }
    }

    /** A word as it is in the crash, before any damage. */
    long word(long address) {
        return coredump.memory().unsigned(address, 4).orElseThrow();
    }

    /** What was written last counts. */
    void write(long address, long... words) {
        var bytes = ByteBuffer.allocate(4 * words.length).order(ByteOrder.LITTLE_ENDIAN);
        for (long word : words) {
            bytes.putInt((int) word);
        }
        write(address, bytes.array());
    }

    void write(long address, byte[] bytes) {
        written.addFirst(new Memory.Region(address, MemorySegment.ofArray(bytes)));
    }

    /** As if the dump had nothing but what the test writes. */
    void forgetMemory() {
        captured = false;
    }

    /** The crashed thread as the dump has it: the only one. */
    DumpThread crashed() {
        return coredump.crashedThread().orElseThrow();
    }

    KernelThreads threads() {
        return threads(coredump.threads());
    }

    /** As of a dump that has these threads. */
    KernelThreads threads(List<DumpThread> dumped) {
        var regions = new ArrayList<>(written);
        if (captured) {
            regions.addAll(coredump.memory().regions());
        }
        var memory = Memory.of(coredump.architecture().byteOrder(), regions);
        try (var loaded = LoadedSymbols.open(coredump.images(), symbols)) {
            var space = new AddressSpace(coredump.architecture(), memory, loaded);
            return KernelThreads.of(coredump.withThreads(dumped), space, Limits.DEFAULT);
        }
    }

    @Override
    public void close() {
        symbols.close();
    }
}
