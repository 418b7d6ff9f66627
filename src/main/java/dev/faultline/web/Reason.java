package dev.faultline.web;

import dev.faultline.symbols.report.ReasonFamily;

/** A reason family as a chip: the label, its colour, and the words behind it. */
public record Reason(String label, Tone tone, String words) {

    /** From a stored label; one that this version does not know is shown as it is. */
    static Reason of(String label) {
        for (ReasonFamily family : ReasonFamily.values()) {
            if (family.label().equals(label)) {
                return new Reason(label, tone(family), words(family));
            }
        }
        return new Reason(label, Tone.PLAIN, label);
    }

    private static Tone tone(ReasonFamily family) {
        return switch (family) {
            case NULL_DEREF,
                    BAD_ACCESS,
                    BAD_JUMP,
                    UNDEF_INSTR,
                    UNALIGNED,
                    DIV0,
                    BUS_IMPRECISE,
                    BUS_PRECISE,
                    STACK_OVERFLOW,
                    OOPS,
                    SIGNAL -> Tone.RED;
            case ASSERT, PANIC, HEAP_EXHAUSTED -> Tone.VIOLET;
            case WATCHDOG, HANG, BROWNOUT -> Tone.AMBER;
            case UNKNOWN -> Tone.PLAIN;
        };
    }

    static String words(ReasonFamily family) {
        return switch (family) {
            case NULL_DEREF -> "Null pointer dereference";
            case BAD_ACCESS -> "Access to memory that is not there or not allowed";
            case BAD_JUMP -> "Jump to an address that holds no code";
            case UNDEF_INSTR -> "Undefined instruction";
            case UNALIGNED -> "Unaligned access";
            case DIV0 -> "Division by zero";
            case BUS_IMPRECISE -> "Bus error reported after the instruction that caused it";
            case BUS_PRECISE -> "Bus error";
            case STACK_OVERFLOW -> "Stack overflow";
            case HEAP_EXHAUSTED -> "Out of heap memory";
            case ASSERT -> "Assertion failed";
            case PANIC -> "Panic";
            case WATCHDOG -> "Watchdog expired";
            case HANG -> "Hang";
            case BROWNOUT -> "Supply voltage dropped";
            case OOPS -> "Kernel oops";
            case SIGNAL -> "Fatal signal";
            case UNKNOWN -> "Crash of unknown cause";
        };
    }
}
