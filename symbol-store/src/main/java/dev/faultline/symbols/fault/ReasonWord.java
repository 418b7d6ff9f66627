package dev.faultline.symbols.fault;

import dev.faultline.symbols.report.ReasonFamily;
import org.jspecify.annotations.Nullable;

/** What a dump's own word for its reason means where no fault register says more: ours, and those of Zephyr's kernel. */
record ReasonWord(ReasonFamily family, String sentence) {

    static ReasonWord of(@Nullable String reason) {
        return switch (reason == null ? "" : reason) {
            case "assert" -> new ReasonWord(ReasonFamily.ASSERT, "Assertion failed");
            case "watchdog" -> new ReasonWord(ReasonFamily.WATCHDOG, "Watchdog fired");
            case "panic" -> new ReasonWord(ReasonFamily.PANIC, "Panic");
            case "oops" -> new ReasonWord(ReasonFamily.OOPS, "Kernel oops");
            case "stack-overflow" -> new ReasonWord(ReasonFamily.STACK_OVERFLOW, "Stack overflow");
            case "hard-fault" -> new ReasonWord(ReasonFamily.UNKNOWN, "Hard fault");
            case "mem-manage" -> new ReasonWord(ReasonFamily.UNKNOWN, "MemManage fault");
            case "mem-manage-data-access" ->
                new ReasonWord(ReasonFamily.BAD_ACCESS, "Access that the memory protection forbids");
            case "mem-manage-instruction-access" ->
                new ReasonWord(ReasonFamily.BAD_JUMP, "Jump to where the memory protection forbids code");
            case "mem-manage-stacking", "bus-fault-stacking" ->
                new ReasonWord(ReasonFamily.STACK_OVERFLOW, "The stack had no room for an exception frame");
            case "bus-fault" -> new ReasonWord(ReasonFamily.UNKNOWN, "Bus fault");
            case "bus-fault-precise" ->
                new ReasonWord(ReasonFamily.BUS_PRECISE, "Access to an address where nothing answers");
            case "bus-fault-imprecise" ->
                new ReasonWord(
                        ReasonFamily.BUS_IMPRECISE,
                        "A buffered write failed some instructions earlier, to an address where nothing answers,");
            case "bus-fault-instruction" -> new ReasonWord(ReasonFamily.BAD_JUMP, "Jump to where there is no memory");
            case "usage-fault" -> new ReasonWord(ReasonFamily.UNKNOWN, "Usage fault");
            case "usage-fault-division-by-zero" -> new ReasonWord(ReasonFamily.DIV0, "Division by zero");
            case "usage-fault-unaligned" -> new ReasonWord(ReasonFamily.UNALIGNED, "Unaligned access");
            case "usage-fault-undefined-instruction" ->
                new ReasonWord(ReasonFamily.UNDEF_INSTR, "Undefined instruction");
            case "usage-fault-thumb-bit" ->
                new ReasonWord(ReasonFamily.BAD_JUMP, "Call through what is no function pointer of Thumb code");
            default -> new ReasonWord(ReasonFamily.UNKNOWN, "Crash");
        };
    }
}
