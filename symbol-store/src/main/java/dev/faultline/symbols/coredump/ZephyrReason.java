package dev.faultline.symbols.coredump;

import java.util.List;

/** Zephyr's reasons of a fatal error, as words. */
final class ZephyrReason {
    private static final int FIRST_OF_ARCHITECTURE = 16;
    private static final int CORTEX_M = 3;

    private static final List<String> COMMON =
            List.of("cpu-exception", "spurious-interrupt", "stack-overflow", "oops", "panic");

    /** From 16 on, of Arm. */
    private static final List<String> ARM = List.of(
            "mem-manage",
            "mem-manage-stacking",
            "mem-manage-unstacking",
            "mem-manage-data-access",
            "mem-manage-instruction-access",
            "mem-manage-lazy-fp",
            "bus-fault",
            "bus-fault-stacking",
            "bus-fault-unstacking",
            "bus-fault-precise",
            "bus-fault-imprecise",
            "bus-fault-instruction",
            "bus-fault-lazy-fp",
            "usage-fault",
            "usage-fault-division-by-zero",
            "usage-fault-unaligned",
            "stack-overflow",
            "usage-fault-no-coprocessor",
            "usage-fault-exception-return",
            "usage-fault-thumb-bit",
            "usage-fault-undefined-instruction",
            "secure-fault",
            "secure-fault-entry-point",
            "secure-fault-integrity-signature",
            "secure-fault-exception-return",
            "secure-fault-attribution-unit",
            "secure-fault-transition",
            "secure-fault-lazy-fp",
            "secure-fault-lazy-fp-error");

    private ZephyrReason() {}

    static String word(int target, int code) {
        if (code < COMMON.size()) {
            return COMMON.get(code);
        }
        int own = code - FIRST_OF_ARCHITECTURE;
        return target == CORTEX_M && own >= 0 && own < ARM.size() ? ARM.get(own) : "fatal-error-" + code;
    }
}
