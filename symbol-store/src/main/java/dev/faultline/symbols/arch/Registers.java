package dev.faultline.symbols.arch;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The registers of one frame: words by number, and the bytes of floating-point and vector registers. One that nothing is
 * known about is absent, never zero. Immutable.
 */
public final class Registers {
    private final long[] values;
    private final long known;
    private final FloatBytes floats;

    private Registers(long[] values, long known, FloatBytes floats) {
        this.values = values;
        this.known = known;
        this.floats = floats;
    }

    /** No register known yet. */
    public static Registers none(Architecture architecture) {
        return new Registers(new long[architecture.registerNames().size()], 0, FloatBytes.NONE);
    }

    /** Those of {@code values}, by number. */
    public static Registers of(Architecture architecture, Map<Integer, Long> values) {
        var registers = none(architecture);
        for (var entry : values.entrySet()) {
            registers = registers.with(entry.getKey(), entry.getValue());
        }
        return registers;
    }

    public OptionalLong get(int register) {
        return has(register) ? OptionalLong.of(values[register]) : OptionalLong.empty();
    }

    public boolean has(int register) {
        return register >= 0 && register < values.length && (known >>> register & 1) != 0;
    }

    /** A number that the architecture has no register for is left out. */
    public Registers with(int register, long value) {
        if (register < 0 || register >= values.length) {
            return this;
        }
        long[] copy = values.clone();
        copy[register] = value;
        return new Registers(copy, known | 1L << register, floats);
    }

    public Registers without(int register) {
        return has(register) ? new Registers(values, known & ~(1L << register), floats) : this;
    }

    /**
     * A value of that many bytes in a register: its low bytes, and beyond its end those of the ones behind it; of a register
     * of x87 the number in it. Empty unless all of it is known.
     */
    public Optional<byte[]> bytes(FloatRegister register, int size) {
        return register.isExtendedReal()
                ? floats.read(register.at(), ExtendedReal.BYTES).map(number -> ExtendedReal.stored(number, size))
                : floats.read(register.at(), size);
    }

    /** With the low bytes of a register. */
    public Registers with(FloatRegister register, byte[] bytes) {
        return new Registers(values, known, floats.with(register.at(), bytes));
    }

    public Registers without(FloatRegister register) {
        return new Registers(values, known, floats.without(register.at(), register.bytes()));
    }

    /** Of the floating-point registers none. */
    public Registers withoutFloats() {
        return new Registers(values, known, FloatBytes.NONE);
    }

    /** The same words; of the floating-point registers those bytes of others that a call keeps. */
    public Registers withFloatsKeptBy(Registers callee, FloatFile file) {
        return new Registers(values, known, callee.floats.only(file.kept()));
    }
}
