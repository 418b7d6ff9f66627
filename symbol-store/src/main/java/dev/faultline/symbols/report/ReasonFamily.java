package dev.faultline.symbols.report;

import java.util.Locale;

/** The closed set of causes that crashes are told apart by. */
public enum ReasonFamily {
    NULL_DEREF,
    BAD_ACCESS,
    BAD_JUMP,
    UNDEF_INSTR,
    UNALIGNED,
    DIV0,
    BUS_IMPRECISE,
    BUS_PRECISE,
    STACK_OVERFLOW,
    HEAP_EXHAUSTED,
    ASSERT,
    PANIC,
    WATCHDOG,
    HANG,
    BROWNOUT,
    OOPS,
    SIGNAL,
    UNKNOWN;

    /** As shown, stored and sent: {@code null-deref}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The family of a label; throws IllegalArgumentException for any other text. */
    public static ReasonFamily of(String label) {
        return valueOf(label.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
}
