package dev.faultline.symbols.fault;

import dev.faultline.symbols.report.ReasonFamily;
import java.util.Optional;

/**
 * What ESP-IDF leaves in mcause of a RISC-V chip where one of its guards ended the program: the number of the guard's
 * interrupt without the interrupt bit ({@code ETS_*_INUM} of soc.h), and for the second processor's watchdog bit 12. The
 * standard has 24 to 31 for custom use.
 */
enum EspressifCause {
    WATCHDOG_0(24, ReasonFamily.WATCHDOG, "Interrupt watchdog of processor 0 fired"),
    WATCHDOG_1(1 << 12 | 24, ReasonFamily.WATCHDOG, "Interrupt watchdog of processor 1 fired"),
    CACHE(25, ReasonFamily.BAD_ACCESS, "Flash was read while its cache was off"),
    MEMORY_PROTECTION(26, ReasonFamily.BAD_ACCESS, "Access that the memory protection forbids"),
    STACK_GUARD(27, ReasonFamily.STACK_OVERFLOW, "Stack overflow, found by the guard of the stack pointer,");

    private final int number;
    private final ReasonFamily family;
    private final String sentence;

    EspressifCause(int number, ReasonFamily family, String sentence) {
        this.number = number;
        this.family = family;
        this.sentence = sentence;
    }

    /** Of a dump that ESP-IDF made. */
    static Optional<EspressifCause> of(CrashScene scene, long mcause) {
        return scene.coredump().format().startsWith("esp-idf-") ? of(mcause) : Optional.empty();
    }

    static Optional<EspressifCause> of(long mcause) {
        for (var cause : values()) {
            if (cause.number == mcause) {
                return Optional.of(cause);
            }
        }
        return Optional.empty();
    }

    ReasonFamily family() {
        return family;
    }

    String sentence() {
        return sentence;
    }

    /** Of the register. */
    String meaning() {
        return switch (this) {
            case WATCHDOG_0, WATCHDOG_1 -> "interrupt watchdog";
            case CACHE -> "cache error";
            case MEMORY_PROTECTION -> "memory protection fault";
            case STACK_GUARD -> "stack guard";
        };
    }
}
