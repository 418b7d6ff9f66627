package dev.faultline.symbols.fault;

import dev.faultline.symbols.coredump.Memory;
import dev.faultline.symbols.report.FaultReport.FaultRegister;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * The fault registers of the System Control Block as captured (ARMv7-M B3.2). Those of a processor that has none, or that
 * were not captured, are 0: then no bit says anything.
 *
 * @param cfsr Configurable Fault Status
 * @param hfsr HardFault Status
 * @param dfsr Debug Fault Status
 * @param shcsr System Handler Control and State
 * @param dhcsr Debug Halting Control and Status
 * @param mmfar address of a MemManage fault, where {@link FaultBit#MMARVALID} is set
 * @param bfar address of a bus fault, where {@link FaultBit#BFARVALID} is set
 * @param captured whether the dump has them
 */
record FaultRegisters(
        long cfsr, long hfsr, long dfsr, long shcsr, long dhcsr, long mmfar, long bfar, boolean captured) {
    private static final long SHCSR = 0xe000_ed24L;
    private static final long CFSR = 0xe000_ed28L;
    private static final long HFSR = 0xe000_ed2cL;
    private static final long DFSR = 0xe000_ed30L;
    private static final long MMFAR = 0xe000_ed34L;
    private static final long BFAR = 0xe000_ed38L;
    private static final long DHCSR = 0xe000_edf0L;

    private record Bit(int bit, String meaning) {}

    private static final List<Bit> HFSR_BITS = List.of(
            new Bit(1, "VECTTBL: reading a vector failed: VTOR or the vector table is wrong"),
            new Bit(30, "FORCED: escalated, the cause is in CFSR"),
            new Bit(31, "DEBUGEVT: a breakpoint without a debugger"));

    private static final List<Bit> DFSR_BITS = List.of(
            new Bit(0, "HALTED: a debugger's halt request"),
            new Bit(1, "BKPT: a breakpoint"),
            new Bit(2, "DWTTRAP: a watchpoint"),
            new Bit(3, "VCATCH: a caught vector"),
            new Bit(4, "EXTERNAL: an external debug request"));

    private static final List<Bit> SHCSR_BITS = List.of(
            new Bit(0, "MEMFAULTACT: the MemManage handler is active"),
            new Bit(1, "BUSFAULTACT: the BusFault handler is active"),
            new Bit(2, "HARDFAULTACT: the HardFault handler is active"),
            new Bit(3, "USGFAULTACT: the UsageFault handler is active"),
            new Bit(4, "SECUREFAULTACT: the SecureFault handler is active"),
            new Bit(5, "NMIACT: the NMI handler is active"),
            new Bit(7, "SVCALLACT: the SVCall handler is active"),
            new Bit(8, "MONITORACT: the DebugMonitor handler is active"),
            new Bit(10, "PENDSVACT: the PendSV handler is active"),
            new Bit(11, "SYSTICKACT: the SysTick handler is active"));

    static FaultRegisters of(Memory memory) {
        return new FaultRegisters(
                word(memory, CFSR),
                word(memory, HFSR),
                word(memory, DFSR),
                word(memory, SHCSR),
                word(memory, DHCSR),
                word(memory, MMFAR),
                word(memory, BFAR),
                memory.has(CFSR));
    }

    boolean has(FaultBit bit) {
        return bit.isSet(cfsr);
    }

    boolean hasAny(FaultBit... bits) {
        for (var bit : bits) {
            if (has(bit)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a configurable fault became a hard fault because its handler is off or too low in priority. */
    boolean isForced() {
        return (hfsr >>> 30 & 1) != 0;
    }

    /** Whether a fault at the highest priority stopped the processor (S_LOCKUP, ARMv7-M C1.6.2). */
    boolean isLockup() {
        return (dhcsr >>> 19 & 1) != 0;
    }

    boolean isVectorTableError() {
        return (hfsr >>> 1 & 1) != 0;
    }

    boolean isBreakpoint() {
        return (hfsr >>> 31 & 1) != 0;
    }

    /** The address that was accessed, where the hardware latched one. */
    OptionalLong address() {
        if (has(FaultBit.MMARVALID)) {
            return OptionalLong.of(mmfar);
        }
        return has(FaultBit.BFARVALID) ? OptionalLong.of(bfar) : OptionalLong.empty();
    }

    /** For the report: those that say something, CFSR and HFSR always. */
    List<FaultRegister> described() {
        if (!captured) {
            return List.of();
        }
        var registers = new ArrayList<FaultRegister>();
        registers.add(described("CFSR", cfsr, cfsrMeanings()));
        registers.add(described("HFSR", hfsr, meanings(hfsr, HFSR_BITS)));
        if (dfsr != 0) {
            registers.add(described("DFSR", dfsr, meanings(dfsr, DFSR_BITS)));
        }
        if (!meanings(shcsr, SHCSR_BITS).isEmpty()) {
            registers.add(described("SHCSR", shcsr, meanings(shcsr, SHCSR_BITS)));
        }
        if (isLockup()) {
            registers.add(described("DHCSR", dhcsr, List.of("S_LOCKUP: the processor is locked up")));
        }
        if (has(FaultBit.MMARVALID)) {
            registers.add(described("MMFAR", mmfar, List.of("the address that the MPU or the memory map forbade")));
        }
        if (has(FaultBit.BFARVALID)) {
            registers.add(described("BFAR", bfar, List.of("the address that failed on the bus")));
        }
        return registers;
    }

    private List<String> cfsrMeanings() {
        var meanings = new ArrayList<String>();
        for (var bit : FaultBit.values()) {
            if (has(bit)) {
                meanings.add(bit.meaning());
            }
        }
        return meanings;
    }

    private static List<String> meanings(long value, List<Bit> bits) {
        return bits.stream()
                .filter(bit -> (value >>> bit.bit() & 1) != 0)
                .map(Bit::meaning)
                .toList();
    }

    private static FaultRegister described(String name, long value, List<String> meanings) {
        return new FaultRegister(name, "0x%08x".formatted(value), meanings);
    }

    private static long word(Memory memory, long address) {
        return memory.unsigned(address, 4).orElse(0);
    }
}
