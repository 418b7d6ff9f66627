package dev.faultline.symbols.fault;

import dev.faultline.symbols.arch.ArmCortexM;
import dev.faultline.symbols.arch.Registers;
import dev.faultline.symbols.arch.ThumbInstruction;
import dev.faultline.symbols.coredump.CortexMState;
import dev.faultline.symbols.coredump.DumpThread;
import dev.faultline.symbols.report.FaultReport;
import dev.faultline.symbols.report.ReasonFamily;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Why a Cortex-M crashed. What the code itself said (assert, panic, watchdog) counts first; then a stack overflow, since
 * it makes every other sign unreliable; then the fault status bits from the most to the least specific.
 */
final class CortexMFault {
    /** Below this an address is an offset from a null pointer (the first page, as everywhere). */
    static final long NULL_PAGE = 0x1000;

    /** Below this a pc is a null function pointer: nothing but vectors is there. */
    static final long NULL_CODE = 0x100;

    /** What the pc reads of a processor that is locked up: ARMv6-M and ARMv7-M (B1.5.15), ARMv8-M. */
    private static final Set<Long> LOCKUP_PCS = Set.of(0xffff_fffeL, 0xefff_fffeL);

    private static final long PERIPHERALS = 0x4000_0000L;
    private static final long PERIPHERALS_END = 0x6000_0000L;

    private final CrashScene scene;
    private final CortexMState state;
    private final Registers crashed;
    private final FaultRegisters registers;

    private CortexMFault(CrashScene scene) {
        this.scene = scene;
        this.state = scene.coredump().fault() instanceof CortexMState kept ? kept : CortexMState.UNKNOWN;
        this.crashed = scene.coredump()
                .crashedThread()
                .filter(thread -> scene.coredump().architecture() instanceof ArmCortexM)
                .map(DumpThread::registers)
                .orElse(Registers.none(new ArmCortexM()));
        this.registers = FaultRegisters.of(scene.coredump().memory());
    }

    /** Never fails; what cannot be told is said to be unknown. */
    static Diagnosis of(CrashScene scene) {
        return new CortexMFault(scene).diagnose();
    }

    private Diagnosis diagnose() {
        var told = byReason();
        if (told != null) {
            return told;
        }
        var overflow = stackOverflow();
        if (overflow != null) {
            return overflow;
        }
        return byStatus();
    }

    /** What the code itself said when it asked for the dump. */
    private @Nullable Diagnosis byReason() {
        if (state.exceptionReturn().isPresent()) {
            return null; // a fault: the processor knows better
        }
        return GivenReason.of(scene, registers.described());
    }

    private @Nullable Diagnosis stackOverflow() {
        var address = registers.address();
        var stackPointer = crashed.get(ArmCortexM.SP);
        boolean inThread = (crashed.get(ArmCortexM.XPSR).orElse(0) & ArmCortexM.XPSR_EXCEPTION) == 0;
        var overflow = StackOverflow.of(scene, address, inThread ? stackPointer : OptionalLong.empty());
        if (overflow != null) {
            return fault(ReasonFamily.STACK_OVERFLOW, overflow, address);
        }
        if (state.frameLost() || registers.hasAny(FaultBit.MSTKERR, FaultBit.STKERR, FaultBit.STKOF)) {
            return fault(
                    ReasonFamily.STACK_OVERFLOW,
                    "Stack overflow of %s%s: the processor could not push registers at 0x%08x"
                            .formatted(Places.thread(scene), StackOverflow.rounds(scene), stackPointer.orElse(0)),
                    address);
        }
        return null;
    }

    private Diagnosis byStatus() {
        long pc = crashed.get(ArmCortexM.PC).orElse(0);
        if (isLockup()) {
            return lockup();
        }
        boolean code =
                scene.space().isCode(pc) || (pc >= NULL_CODE && scene.space().mayBeUnknownCode(pc));
        if (!code && registers.hasAny(FaultBit.IACCVIOL, FaultBit.IBUSERR, FaultBit.INVSTATE, FaultBit.UNDEFINSTR)) {
            return badJump(pc);
        }
        if (registers.has(FaultBit.DIVBYZERO)) {
            return fault(ReasonFamily.DIV0, "Division by zero" + site(), OptionalLong.empty());
        }
        if (registers.has(FaultBit.UNDEFINSTR)) {
            return undefined(pc);
        }
        if (registers.has(FaultBit.NOCP)) {
            return fault(
                    ReasonFamily.UNDEF_INSTR,
                    "Instruction for an FPU or coprocessor that is off or absent" + site(),
                    OptionalLong.empty());
        }
        if (registers.has(FaultBit.UNALIGNED)) {
            return fault(
                    ReasonFamily.UNALIGNED,
                    "Unaligned %s".formatted(access(pc, "read", "write", "access")) + site(),
                    OptionalLong.empty());
        }
        if (registers.hasAny(FaultBit.DACCVIOL, FaultBit.PRECISERR)) {
            return dataAccess(pc);
        }
        if (registers.has(FaultBit.IMPRECISERR)) {
            return imprecise();
        }
        return rarer(pc);
    }

    /** A fault handler that was entered at such a pc is none: then code jumped there. */
    private boolean isLockup() {
        return registers.isLockup()
                || (state.exceptionReturn().isEmpty()
                        && LOCKUP_PCS.contains(crashed.get(ArmCortexM.PC).orElse(0)));
    }

    /** What is left in CFSR is of the last fault or of one before: it is shown, but says not which. */
    private Diagnosis lockup() {
        var inside = scene.frames().stream()
                .filter(frame -> frame.function() != null)
                .findFirst()
                .orElse(null);
        return told(
                ReasonFamily.UNKNOWN,
                "The processor locked up: it faulted while it handled a hard fault or an NMI%s"
                        .formatted(Places.in(inside)));
    }

    private Diagnosis badJump(long pc) {
        var caller = scene.frames().stream()
                .filter(frame -> frame.function() != null)
                .findFirst()
                .orElse(null);
        var address = OptionalLong.of(pc);
        if (pc < NULL_CODE) {
            return fault(ReasonFamily.BAD_JUMP, "Call through a null function pointer" + Places.in(caller), address);
        }
        return fault(
                ReasonFamily.BAD_JUMP,
                "Jump to 0x%08x, where there is no code, through a bad function pointer or return address%s"
                        .formatted(pc, Places.in(caller)),
                address);
    }

    private Diagnosis undefined(long pc) {
        var first = scene.space().unsigned(pc, 2);
        if (first.isEmpty()) {
            return fault(ReasonFamily.UNDEF_INSTR, "Undefined instruction" + site(), OptionalLong.empty());
        }
        int opcode = (int) first.getAsLong();
        boolean wide = ThumbInstruction.is32Bit(opcode);
        int second = wide ? (int) scene.space().unsigned(pc + 2, 2).orElse(0) : 0;
        boolean permanent = (opcode & 0xff00) == 0xde00 || ((opcode & 0xfff0) == 0xf7f0 && (second & 0xf000) == 0xa000);
        var code = wide ? "0x%04x%04x".formatted(opcode, second) : "0x%04x".formatted(opcode);
        return fault(
                ReasonFamily.UNDEF_INSTR,
                permanent
                        ? "Trap instruction (UDF, %s)%s: the program says that this place cannot be reached"
                                .formatted(code, site())
                        : "Undefined instruction %s%s".formatted(code, site()),
                OptionalLong.empty());
    }

    private Diagnosis dataAccess(long pc) {
        var told = reached(pc);
        return FaultingAccess.ofThumb(scene.space(), crashed)
                .map(access -> new Diagnosis(told.family(), told.fault().accessing(access)))
                .orElse(told);
    }

    private Diagnosis reached(long pc) {
        var latched = registers.address();
        boolean bus = registers.has(FaultBit.PRECISERR);
        if (latched.isEmpty()) {
            return fault(
                    bus ? ReasonFamily.BUS_PRECISE : ReasonFamily.BAD_ACCESS,
                    "%s %s%s; the address was not kept"
                            .formatted(
                                    access(pc, "Read", "Write", "Access"),
                                    bus ? "that failed on the bus" : "of memory that the MPU forbids",
                                    site()),
                    latched);
        }
        long address = latched.getAsLong();
        var accessed = access(pc, "Read from", "Write to", "Access to") + " address 0x%08x".formatted(address);
        if (address < NULL_PAGE) {
            return fault(ReasonFamily.NULL_DEREF, accessed + " through a null pointer" + site(), latched);
        }
        if (!bus) {
            return fault(ReasonFamily.BAD_ACCESS, accessed + ", which the MPU forbids," + site(), latched);
        }
        var why = address >= PERIPHERALS && address < PERIPHERALS_END
                ? ", a peripheral that does not answer (is its clock on?),"
                : ", where nothing answers on the bus,";
        return fault(ReasonFamily.BUS_PRECISE, accessed + why + site(), latched);
    }

    private Diagnosis imprecise() {
        return fault(
                ReasonFamily.BUS_IMPRECISE,
                "A buffered write failed on the bus some instructions before this place%s; DISDEFWBUF in ACTLR makes it"
                                .formatted(site())
                        + " exact",
                OptionalLong.empty());
    }

    private Diagnosis rarer(long pc) {
        if (registers.has(FaultBit.INVPC)) {
            return fault(
                    ReasonFamily.BAD_JUMP,
                    "Return from an exception into a damaged stack frame" + site(),
                    OptionalLong.empty());
        }
        if (registers.has(FaultBit.INVSTATE)) {
            return fault(
                    ReasonFamily.BAD_JUMP,
                    "Jump with the Thumb bit clear to 0x%08x, through a bad function pointer,".formatted(pc) + site(),
                    OptionalLong.of(pc));
        }
        if (registers.hasAny(FaultBit.IACCVIOL, FaultBit.IBUSERR)) {
            return fault(
                    ReasonFamily.BAD_JUMP,
                    "Code at 0x%08x could not be fetched or may not be executed".formatted(pc) + site(),
                    OptionalLong.of(pc));
        }
        if (registers.hasAny(FaultBit.MUNSTKERR, FaultBit.UNSTKERR)) {
            return fault(
                    ReasonFamily.BAD_ACCESS,
                    "Return from an exception with a wrong stack pointer" + site(),
                    OptionalLong.empty());
        }
        if (registers.hasAny(FaultBit.MLSPERR, FaultBit.LSPERR)) {
            return fault(
                    ReasonFamily.BAD_ACCESS,
                    "Delayed saving of floating-point registers failed: the stack that they belong to is gone" + site(),
                    OptionalLong.empty());
        }
        if (registers.isVectorTableError()) {
            return fault(
                    ReasonFamily.BAD_ACCESS,
                    "Reading an exception vector failed: VTOR or the vector table is wrong",
                    OptionalLong.empty());
        }
        if (isUnaligned(pc)) {
            return fault(
                    ReasonFamily.UNALIGNED,
                    "Unaligned %s".formatted(access(pc, "read", "write", "access")) + site(),
                    OptionalLong.empty());
        }
        if (registers.isBreakpoint()) {
            return fault(
                    ReasonFamily.PANIC, "Breakpoint instruction without a debugger" + site(), OptionalLong.empty());
        }
        return unknown();
    }

    /** Without fault status (ARMv6-M) the instruction itself tells: there an unaligned access always faults (B1.5.6). */
    private boolean isUnaligned(long pc) {
        var opcode = scene.space().unsigned(pc, 2);
        if (registers.cfsr() != 0 || opcode.isEmpty()) {
            return false;
        }
        return ThumbInstruction.accessed((int) opcode.getAsLong(), crashed)
                .map(ThumbInstruction.Accessed::isUnaligned)
                .orElse(false);
    }

    private Diagnosis unknown() {
        var reason = scene.coredump().identity().reason();
        var message = scene.coredump().identity().message();
        var word = ReasonWord.of(reason);
        return fault(
                word.family(),
                word.sentence()
                        + site()
                        + (message == null ? "" : ": " + message)
                        + (registers.captured()
                                ? "; no fault register says more"
                                : "; the fault registers were not captured"),
                OptionalLong.empty());
    }

    private Diagnosis fault(ReasonFamily family, String sentence, OptionalLong address) {
        var escalated = registers.isForced() ? " (escalated to a hard fault)" : "";
        return new Diagnosis(
                family,
                new FaultReport(
                        sentence + duringInterrupt() + escalated,
                        address.isPresent() ? "0x%08x".formatted(address.getAsLong()) : null,
                        family == ReasonFamily.BUS_IMPRECISE,
                        registers.described()));
    }

    private Diagnosis told(ReasonFamily family, String sentence) {
        return new Diagnosis(family, new FaultReport(sentence, null, false, registers.described()));
    }

    /** Which interrupt was being handled; only interrupts: a fault of a system handler shows in its frames. */
    private String duringInterrupt() {
        long xpsr = crashed.get(ArmCortexM.XPSR).orElse(0);
        long exception = xpsr & ArmCortexM.XPSR_EXCEPTION;
        return exception < 16 ? "" : ", while interrupt %d was handled".formatted(exception - 16);
    }

    /** Whether the instruction at the pc reads or writes, where its bytes are known. */
    private String access(long pc, String load, String store, String neither) {
        var first = scene.space().unsigned(pc, 2);
        if (first.isEmpty()) {
            return neither;
        }
        int second = (int) scene.space().unsigned(pc + 2, 2).orElse(0);
        return switch (ThumbInstruction.decode((int) first.getAsLong(), second).access()) {
            case LOAD -> load;
            case STORE -> store;
            case NONE -> neither;
        };
    }

    private String site() {
        return Places.site(scene);
    }
}
