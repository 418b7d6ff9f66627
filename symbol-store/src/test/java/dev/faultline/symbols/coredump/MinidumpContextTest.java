package dev.faultline.symbols.coredump;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.symbols.arch.Registers;
import dev.faultline.symbols.bytes.ByteReader;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Contexts that are zero but for their flags and one byte of a floating-point register. */
class MinidumpContextTest {

    @ParameterizedTest
    @CsvSource({
        "5, 0, 0x40000006, 368, 80, d, 0",
        "5, 0, 0x40000006, 368, 328, d, 31",
        "9, 48, 0x10000f, 1232, 288, st, 0",
        "9, 48, 0x10000f, 1232, 656, xmm, 15",
        "12, 0, 0x400006, 912, 272, v, 0",
        "0x8003, 0, 0x80000006, 796, 284, v, 0",
        "0x8006, 0, 0x08000006, 528, 264, f, 0",
        "0, 0, 0x1003f, 716, 364, xmm, 0",
    })
    void aFloatingPointRegisterIsWhereTheContextHasIt(
            String processor, int flagsAt, String flags, int size, int at, String letters, int index) {
        var context = MinidumpContext.of(in(zeros(2).putShort(0, (short) (int) Integer.decode(processor))));
        var bytes = zeros(size).putInt(flagsAt, (int) (long) Long.decode(flags)).put(at, (byte) 0x55);

        assertThat(low(context, context.read(in(bytes)), letters, index)).hasValue((byte) 0x55);

        var without = bytes.putInt(flagsAt, 0);
        assertThat(low(context, context.read(in(without)), letters, index))
                .as("flags that name none")
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"5, 0, 0x40000006, 80, d", "12, 0, 0x400006, 272, v"})
    void aContextThatEndsBeforeThemHasTheOthers(String processor, int flagsAt, String flags, int size, String letters) {
        var context = MinidumpContext.of(in(zeros(2).putShort(0, (short) (int) Integer.decode(processor))));
        var registers = context.read(in(zeros(size).putInt(flagsAt, (int) (long) Long.decode(flags))));

        assertThat(registers.has(0)).isTrue();
        assertThat(low(context, registers, letters, 0)).isEmpty();
    }

    private static Optional<Byte> low(MinidumpContext context, Registers registers, String letters, int index) {
        return registers
                .bytes(context.architecture().floats().register(letters, index), 1)
                .map(bytes -> bytes[0]);
    }

    private static ByteBuffer zeros(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static ByteReader in(ByteBuffer bytes) {
        return ByteReader.of("context", MemorySegment.ofBuffer(bytes.duplicate().clear()))
                .order(ByteOrder.LITTLE_ENDIAN);
    }
}
