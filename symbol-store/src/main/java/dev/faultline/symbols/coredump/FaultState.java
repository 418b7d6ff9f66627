package dev.faultline.symbols.coredump;

import java.util.OptionalLong;

/** What the processor or the system kept about the fault itself, beside general registers and memory. */
public sealed interface FaultState
        permits CortexMState, FaultState.Signal, FaultState.Trap, FaultState.Syndrome, FaultState.Unrecorded {

    /**
     * What a Linux process got (sigaction(2)).
     *
     * @param number of the signal
     * @param code {@code si_code}, where known
     * @param address {@code si_addr}, where the signal has one
     */
    record Signal(int number, OptionalLong code, OptionalLong address) implements FaultState {}

    /**
     * Trap registers of RISC-V or of Xtensa.
     *
     * @param cause the register mcause, or EXCCAUSE
     * @param value the register mtval, or EXCVADDR
     * @param status the register mstatus
     */
    record Trap(OptionalLong cause, OptionalLong value, OptionalLong status) implements FaultState {

        /** Of a dump without mstatus. */
        public Trap(OptionalLong cause, OptionalLong value) {
            this(cause, value, OptionalLong.empty());
        }
    }

    /**
     * Exception syndrome of AArch64.
     *
     * @param syndrome ESR_ELx
     * @param address FAR_ELx
     */
    record Syndrome(OptionalLong syndrome, OptionalLong address) implements FaultState {}

    /** Nothing: the dump has no such registers. */
    record Unrecorded() implements FaultState {}
}
