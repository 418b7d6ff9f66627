package dev.faultline.symbols.fault;

import dev.faultline.symbols.arch.ArmCortexM;
import dev.faultline.symbols.arch.Registers;
import dev.faultline.symbols.arch.ThumbInstruction;
import dev.faultline.symbols.coredump.CortexMState;
import dev.faultline.symbols.coredump.DumpThread;
import dev.faultline.symbols.index.AddressRange;
import dev.faultline.symbols.report.FaultReport;
import dev.faultline.symbols.report.FrameReport;
import dev.faultline.symbols.report.ReasonFamily;
import dev.faultline.symbols.unwind.Frame;
import dev.faultline.symbols.unwind.Trust;
import java.util.List;
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

    /** How far below a stack an access still counts as its overflow: the usual sizes of a guard. */
    static final long GUARD_REACH = 256;

    /** What the pc reads of a processor that is locked up: ARMv6-M and ARMv7-M (B1.5.15), ARMv8-M. */
    private static final Set<Long> LOCKUP_PCS = Set.of(0xffff_fffeL, 0xefff_fffeL);

    private static final long PERIPHERALS = 0x4000_0000L;
    private static final long PERIPHERALS_END = 0x6000_0000L;

    /** Frames that report a crash and are not where it happened. */
    private static final Set<String> REPORTING = Set.of(
            "faultline_crash",
            "__assert_func",
            "__assert",
            "__assert_fail",
            "assert_failed",
            "vAssertCalled",
            "abort",
            "panic");

    /** Functions of the C library whose caller is the more interesting one. */
    private static final Set<String> LIBRARY = Set.of(
            "memcpy",
            "memmove",
            "memset",
            "memcmp",
            "memchr",
            "strlen",
            "strnlen",
            "strcpy",
            "strncpy",
            "strcmp",
            "strncmp",
            "strcat",
            "strchr",
            "__aeabi_memcpy",
            "__aeabi_memcpy4",
            "__aeabi_memcpy8",
            "__aeabi_memset",
            "__aeabi_memclr");

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
        var reason = scene.coredump().identity().reason();
        if (reason == null) {
            return null;
        }
        return switch (reason) {
            case "assert" -> assertion();
            case "watchdog" -> watchdog();
            case "panic" -> panic();
            case "stack-overflow" -> checkedOverflow();
            default -> null;
        };
    }

    private Diagnosis assertion() {
        var message = scene.coredump().identity().message();
        var site = place(firstOutside(REPORTING));
        return told(
                ReasonFamily.ASSERT,
                message == null ? "Assertion failed" + site : "Assertion `%s` failed%s".formatted(message, site));
    }

    private Diagnosis panic() {
        var message = scene.coredump().identity().message();
        var site = place(firstOutside(REPORTING));
        return told(ReasonFamily.PANIC, "Panic" + site + (message == null ? "" : ": " + message));
    }

    private Diagnosis checkedOverflow() {
        return told(
                ReasonFamily.STACK_OVERFLOW,
                "Stack overflow of %s, found by the kernel's check%s"
                        .formatted(threadName(), in(firstOutside(REPORTING))));
    }

    /** The watchdog's handler is not the culprit: what it interrupted is. */
    private Diagnosis watchdog() {
        var interrupted = scene.stack().frames();
        for (int i = 0; i < interrupted.size(); i++) {
            if (interrupted.get(i).trust() == Trust.EXCEPTION) {
                return stuck(interrupted.subList(i, interrupted.size()));
            }
        }
        return told(
                ReasonFamily.WATCHDOG,
                "Watchdog fired while %s was running%s".formatted(threadName(), in(firstOutside(REPORTING))));
    }

    private Diagnosis stuck(List<Frame> interrupted) {
        var loop = LoopSearch.loopingFunction(interrupted, scene.space(), LIBRARY);
        if (loop.isPresent()) {
            var told = told(
                    ReasonFamily.WATCHDOG,
                    "Watchdog fired while %s was looping in `%s`".formatted(threadName(), loop.get()));
            return new Diagnosis(told.family(), told.fault().loopingIn(loop.get()));
        }
        long pc = interrupted.getFirst().pc();
        var function = scene.space().function(pc);
        return told(
                ReasonFamily.WATCHDOG,
                function.isPresent()
                        ? "Watchdog fired while %s was in `%s`"
                                .formatted(threadName(), function.get().name())
                        : "Watchdog fired while %s was at 0x%08x".formatted(threadName(), pc));
    }

    private @Nullable Diagnosis stackOverflow() {
        var address = registers.address();
        var stackPointer = crashed.get(ArmCortexM.SP);
        for (var thread : scene.coredump().threads()) {
            var stack = thread.stack();
            if (stack == null) {
                continue;
            }
            if (address.isPresent() && isUnder(stack, address.getAsLong())) {
                return overflow(thread, address, "the access to 0x%08x".formatted(address.getAsLong()), stack);
            }
            boolean inThread = (crashed.get(ArmCortexM.XPSR).orElse(0) & ArmCortexM.XPSR_EXCEPTION) == 0;
            if (thread.crashed() && inThread && stackPointer.isPresent() && isUnder(stack, stackPointer.getAsLong())) {
                return overflow(thread, address, "the stack pointer 0x%08x".formatted(stackPointer.getAsLong()), stack);
            }
        }
        if (state.frameLost() || registers.hasAny(FaultBit.MSTKERR, FaultBit.STKERR, FaultBit.STKOF)) {
            return fault(
                    ReasonFamily.STACK_OVERFLOW,
                    "Stack overflow of %s%s: the processor could not push registers at 0x%08x"
                            .formatted(threadName(), rounds(), stackPointer.orElse(0)),
                    address);
        }
        return null;
    }

    private Diagnosis overflow(DumpThread thread, OptionalLong address, String what, AddressRange stack) {
        return fault(
                ReasonFamily.STACK_OVERFLOW,
                "Stack overflow of %s%s: %s is below its stack of %d bytes from 0x%08x on"
                        .formatted(name(thread), thread.crashed() ? rounds() : "", what, stack.size(), stack.start()),
                address);
    }

    private static boolean isUnder(AddressRange stack, long address) {
        return address < stack.start() && address >= stack.start() - GUARD_REACH;
    }

    /** Where it overflowed: the innermost function, and the recursion where there is one. */
    private String rounds() {
        var frames = scene.frames();
        var recursion = Recursion.of(frames.stream().map(FrameReport::function).toList());
        return recursion.isPresent()
                ? " after %d rounds of %s"
                        .formatted(recursion.get().rounds(), recursion.get().words())
                : in(firstOutside(Set.of()));
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
                "The processor locked up: it faulted while it handled a hard fault or an NMI%s".formatted(in(inside)));
    }

    private Diagnosis badJump(long pc) {
        var caller = scene.frames().stream()
                .filter(frame -> frame.function() != null)
                .findFirst()
                .orElse(null);
        var address = OptionalLong.of(pc);
        if (pc < NULL_CODE) {
            return fault(ReasonFamily.BAD_JUMP, "Call through a null function pointer" + in(caller), address);
        }
        return fault(
                ReasonFamily.BAD_JUMP,
                "Jump to 0x%08x, where there is no code, through a bad function pointer or return address%s"
                        .formatted(pc, in(caller)),
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
        return fault(
                family(reason),
                words(reason)
                        + site()
                        + (message == null ? "" : ": " + message)
                        + (registers.captured()
                                ? "; no fault register says more"
                                : "; the fault registers were not captured"),
                OptionalLong.empty());
    }

    private static String words(@Nullable String reason) {
        return switch (reason == null ? "" : reason) {
            case "hard-fault" -> "Hard fault";
            case "mem-manage" -> "MemManage fault";
            case "bus-fault" -> "Bus fault";
            case "usage-fault" -> "Usage fault";
            case "assert" -> "Assertion failed";
            case "watchdog" -> "Watchdog fired";
            case "panic" -> "Panic";
            case "stack-overflow" -> "Stack overflow";
            default -> "Crash";
        };
    }

    private static ReasonFamily family(@Nullable String reason) {
        return switch (reason == null ? "" : reason) {
            case "assert" -> ReasonFamily.ASSERT;
            case "watchdog" -> ReasonFamily.WATCHDOG;
            case "panic" -> ReasonFamily.PANIC;
            case "stack-overflow" -> ReasonFamily.STACK_OVERFLOW;
            default -> ReasonFamily.UNKNOWN;
        };
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

    /** " in `f`", and who called it where f belongs to the C library. */
    private String site() {
        var frames = scene.frames();
        if (frames.isEmpty()) {
            return "";
        }
        var innermost = frames.getFirst();
        var function = innermost.function();
        if (function == null || !LIBRARY.contains(function)) {
            return in(innermost);
        }
        var caller = firstOutside(LIBRARY);
        return caller == null || caller.function() == null
                ? in(innermost)
                : in(innermost) + ", called by `%s`".formatted(caller.function());
    }

    private @Nullable FrameReport firstOutside(Set<String> functions) {
        for (var frame : scene.frames()) {
            if (frame.function() == null || !functions.contains(frame.function())) {
                return frame;
            }
        }
        return null;
    }

    private static String in(@Nullable FrameReport frame) {
        if (frame == null) {
            return "";
        }
        return frame.function() == null ? " at " + frame.pc() : " in `%s`".formatted(frame.function());
    }

    private static String place(@Nullable FrameReport frame) {
        return frame == null || frame.file() == null || frame.line() == 0
                ? in(frame)
                : in(frame) + " (%s:%d)".formatted(baseName(frame.file()), frame.line());
    }

    private static String baseName(String file) {
        return file.substring(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
    }

    private String threadName() {
        return scene.coredump().crashedThread().map(CortexMFault::name).orElse("the device");
    }

    private static String name(DumpThread thread) {
        return thread.name() == null ? "thread %d".formatted(thread.id()) : "`%s`".formatted(thread.name());
    }
}
