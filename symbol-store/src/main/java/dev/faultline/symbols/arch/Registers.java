package dev.faultline.symbols.arch;

import java.util.Map;
import java.util.OptionalLong;

/** The registers of one frame by number; one that nothing is known about is absent, never zero. Immutable. */
public final class Registers {
    private final long[] values;
    private final long known;

    private Registers(long[] values, long known) {
        this.values = values;
        this.known = known;
    }

    /** No register known yet. */
    public static Registers none(Architecture architecture) {
        return new Registers(new long[architecture.registerNames().size()], 0);
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

    /** Registers that the architecture has no place for (such as floating-point ones) are left out. */
    public Registers with(int register, long value) {
        if (register < 0 || register >= values.length) {
            return this;
        }
        long[] copy = values.clone();
        copy[register] = value;
        return new Registers(copy, known | 1L << register);
    }

    public Registers without(int register) {
        return has(register) ? new Registers(values, known & ~(1L << register)) : this;
    }
}
