package dev.faultline.symbols.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.coredump.Coredump;
import dev.faultline.symbols.coredump.CoredumpFormat;
import dev.faultline.symbols.coredump.DeviceCoreBuilder;
import dev.faultline.symbols.store.LocalSymbols;
import dev.faultline.symbols.unwind.AddressSpace;
import dev.faultline.symbols.unwind.LoadedSymbols;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What registers point at, of the committed crash of a kernel and of one with registers of our own. */
class PointerTargetsTest {
    private static final Path KERNELS = Path.of("..", "firmware-fixtures", "kernels");
    private static final String BUILD = "freertos-m4f";

    @Test
    void aRegisterIsToldByWhatItPointsAt() throws IOException {
        assertThat(targets(registers(Map.of(
                        0, 0x2000_064cL,
                        1, 0x2000_0990L,
                        2, 0x2000_1270L,
                        3, 0x0000_0fc5L,
                        4, 0x4000_4404L,
                        5, 0xe000_ed28L,
                        13, 0x2000_1260L,
                        14, 0x0000_10bfL,
                        15, 0x0000_0fc4L))))
                .contains(
                        entry("r0", "`tasks`+0x4"),
                        entry("r1", "`pxCurrentTCB`"),
                        entry("r2", "stack of `worker`, 16 bytes below its top"),
                        entry("r4", "a peripheral's register"),
                        entry("r5", "a register of the processor"),
                        entry("sp", "stack of `worker`, 32 bytes below its top"),
                        entry("lr", "code, `worker`+0x32"),
                        entry("pc", "code, `store`+0x4"));
    }

    @Test
    void aSmallNumberInARegisterForDataIsNoPointer() throws IOException {
        assertThat(targets(registers(Map.of(3, 0x61L, 12, 0xfc5L, 14, 0xfc5L, 15, 0xfc4L))))
                .containsOnlyKeys("lr", "pc");
    }

    @Test
    void whatPointsNowhereIsLeftOut() throws IOException {
        assertThat(targets(registers(Map.of(0, 0L, 1, 0xdead_beefL, 2, 0xffff_ffffL, 15, 0L))))
                .isEmpty();
    }

    @Test
    void ramThatNoGlobalHasIsSaidToBeThat() throws IOException {
        assertThat(targets(registers(Map.of(0, 0x2000_6004L)).words(0x2000_6000L, 1, 2)))
                .containsExactly(entry("r0", "RAM without a symbol"));
    }

    private static DeviceCoreBuilder registers(Map<Integer, Long> registers) {
        return new DeviceCoreBuilder()
                .thread(1, registers)
                .key("software", "app")
                .key("thread.1", "worker")
                .key("thread.1.stack", "0x20001080-0x20001280");
    }

    /** With the images of the committed crash. */
    private static Map<String, String> targets(DeviceCoreBuilder dump) throws IOException {
        var crash = CoredumpFormat.read(dump.segment(), Limits.DEFAULT).getFirst();
        var bytes = MemorySegment.ofArray(Files.readAllBytes(KERNELS.resolve("coredumps/" + BUILD + "-null.core")));
        Coredump images = CoredumpFormat.read(bytes, Limits.DEFAULT).getFirst();
        try (var symbols = LocalSymbols.of(List.of(KERNELS.resolve("elf/" + BUILD + ".elf")), Limits.DEFAULT);
                var loaded = LoadedSymbols.open(images.images(), symbols)) {
            return PointerTargets.of(crash, new AddressSpace(crash.architecture(), crash.memory(), loaded));
        }
    }
}
