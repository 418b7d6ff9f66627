package dev.faultline.symbols.coredump;

import java.util.OptionalLong;

/**
 * What a Cortex-M crash needs beside the registers of its threads; the fault status registers are memory.
 *
 * @param msp main stack pointer as the crashed context had it
 * @param psp process stack pointer as the crashed context had it: the exception frame of a thread that the crashed
 *     handlers interrupted
 * @param control CONTROL as the crashed context had it
 * @param exceptionReturn EXC_RETURN with which the fault handler was entered; absent where the code itself asked for the
 *     dump
 * @param frameLost whether the processor could not stack the crashed context, so that its pc, lr, r0-r3 and r12 are gone
 */
public record CortexMState(
        OptionalLong msp, OptionalLong psp, OptionalLong control, OptionalLong exceptionReturn, boolean frameLost)
        implements FaultState {
    /** Of a dump that says nothing of it. */
    public static final CortexMState UNKNOWN = new CortexMState(
            OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty(), false);
}
