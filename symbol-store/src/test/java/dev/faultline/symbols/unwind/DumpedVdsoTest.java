package dev.faultline.symbols.unwind;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.coredump.LoadedImage;
import dev.faultline.symbols.coredump.Memory;
import dev.faultline.symbols.index.AddressRange;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** The vdso out of a dump's memory that a crash, or an attacker, wrote over; whole ones are in the cores of Linux. */
class DumpedVdsoTest {
    private static final long BASE = 0xf7f0_0000L;
    private static final byte[] ELF_32 = {0x7f, 'E', 'L', 'F', 1, 1, 1};

    @Test
    void whatTheCrashWroteOverIsSaid() {
        try (var symbols = vdso(Arrays.copyOf(ELF_32, 4096), 4096)) {
            assertThat(symbols.modules().getFirst().symbols()).isEmpty();
            assertThat(symbols.warnings())
                    .containsExactly(
                            "The image of [vdso] in memory is damaged: e_type 0, wanted 1 (ET_REL), 2 (ET_EXEC) or"
                                    + " 3 (ET_DYN)");
        }
    }

    @Test
    void aPartOfItIsNoImage() {
        try (var symbols = vdso(Arrays.copyOf(ELF_32, 64), 4096)) {
            assertThat(symbols.modules().getFirst().symbols()).isEmpty();
            assertThat(symbols.warnings()).isEmpty();
        }
    }

    @Property(tries = 200)
    void anyBytesGiveSymbolsOrAWarning(@ForAll @Size(4096) byte[] bytes) {
        System.arraycopy(ELF_32, 0, bytes, 0, ELF_32.length);
        try (var symbols = vdso(bytes, 4096)) {
            assertThat(symbols.isAnyKnown() || !symbols.warnings().isEmpty()).isTrue();
        }
    }

    private static LoadedSymbols vdso(byte[] captured, long size) {
        var image = new LoadedImage("[vdso]", null, BASE, new AddressRange(BASE, BASE + size), null);
        var memory =
                Memory.of(ByteOrder.LITTLE_ENDIAN, List.of(new Memory.Region(BASE, MemorySegment.ofArray(captured))));
        return LoadedSymbols.open(List.of(image), id -> Optional.empty()).withVdso(memory, Limits.DEFAULT);
    }
}
