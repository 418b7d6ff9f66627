package dev.faultline.symbols.coredump;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.symbols.arch.AArch64;
import dev.faultline.symbols.arch.Architecture;
import dev.faultline.symbols.arch.Arm32;
import dev.faultline.symbols.arch.Registers;
import dev.faultline.symbols.arch.RiscV;
import dev.faultline.symbols.arch.X86;
import dev.faultline.symbols.arch.X86_64;
import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.Limits;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Notes of a Linux core one after the other, their bytes counting up. */
class FloatNoteTest {
    private final List<String> warnings = new ArrayList<>();

    @Test
    void aNoteIsAboutTheThreadBeforeIt() {
        var notes = new LinuxNotes(PrstatusLayout.of(new AArch64()), Limits.DEFAULT, warnings);
        notes.note("CORE", 1, bytes(392));
        notes.note("CORE", 2, bytes(528));
        notes.note("CORE", 1, bytes(392));

        assertThat(low(notes.threads().getFirst().registers(), new AArch64(), "v", 1))
                .isEqualTo(16);
        assertThat(notes.threads()
                        .getLast()
                        .registers()
                        .bytes(new AArch64().floats().register("v", 1), 1))
                .isEmpty();
    }

    @Test
    void eachProcessorHasItsRegistersInAPlaceOfItsOwn() {
        assertThat(low(read(new Arm32(), 148, "LINUX", 0x400, 260), new Arm32(), "d", 31))
                .isEqualTo(31 * 8);
        assertThat(low(read(new RiscV(8), 376, "CORE", 2, 264), new RiscV(8), "f", 8))
                .isEqualTo(64);
        assertThat(low(read(new X86_64(), 336, "CORE", 2, 512), new X86_64(), "xmm", 2))
                .isEqualTo(160 + 32);
        assertThat(low(read(new X86(), 144, "LINUX", 0x46e62b7f, 512), new X86(), "xmm", 1))
                .isEqualTo(176);
        assertThat(low(read(new X86_64(), 336, "LINUX", 0x202, 832), new X86_64(), "xmm", 0))
                .isEqualTo(160);
        assertThat(warnings).isEmpty();
    }

    @Test
    void aNoteThatIsTooShortIsAWarningAndTheThreadStays() {
        var registers = read(new AArch64(), 392, "CORE", 2, 100);

        assertThat(registers.has(0)).isTrue();
        assertThat(registers.bytes(new AArch64().floats().register("v", 0), 4)).isEmpty();
        assertThat(warnings)
                .singleElement()
                .asString()
                .startsWith("Damaged note: ")
                .endsWith("floating-point registers in 100 bytes; wanted 512");
    }

    @Test
    void aNoteBeforeAnyThreadIsPassedOver() {
        var notes = new LinuxNotes(PrstatusLayout.of(new AArch64()), Limits.DEFAULT, warnings);
        notes.note("CORE", 2, bytes(528));

        assertThat(notes.threads()).isEmpty();
        assertThat(warnings).isEmpty();
    }

    private Registers read(Architecture architecture, int status, String owner, long type, int size) {
        var notes = new LinuxNotes(PrstatusLayout.of(architecture), Limits.DEFAULT, warnings);
        notes.note("CORE", 1, bytes(status));
        notes.note(owner, type, bytes(size));
        return notes.threads().getFirst().registers();
    }

    private static int low(Registers registers, Architecture architecture, String letters, int index) {
        return registers.bytes(architecture.floats().register(letters, index), 1)
                        .orElseThrow()[0]
                & 0xff;
    }

    private static ByteReader bytes(int size) {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) i;
        }
        return ByteReader.of("note", bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
