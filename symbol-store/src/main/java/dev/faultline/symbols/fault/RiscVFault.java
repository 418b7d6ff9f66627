package dev.faultline.symbols.fault;

import dev.faultline.symbols.coredump.FaultState.Trap;
import dev.faultline.symbols.report.ReasonFamily;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A trap of RISC-V: mcause and mtval (privileged architecture, 3.1.15 and 3.1.16). */
final class RiscVFault {
    private static final List<String> CAUSES = List.of(
            "instruction address misaligned",
            "instruction access fault",
            "illegal instruction",
            "breakpoint",
            "load address misaligned",
            "load access fault",
            "store address misaligned",
            "store access fault",
            "environment call from user mode",
            "environment call from supervisor mode",
            "reserved",
            "environment call from machine mode",
            "instruction page fault",
            "load page fault",
            "reserved",
            "store page fault",
            "double trap",
            "reserved",
            "software check",
            "hardware error",
            "instruction guest page fault",
            "load guest page fault",
            "virtual instruction",
            "store guest page fault");

    private RiscVFault() {}

    static Diagnosis of(Trap trap, CrashScene scene) {
        var told = Told.bySoftware(scene);
        if (trap.cause().isEmpty()) {
            return told != null ? told : asked(scene);
        }
        long cause = trap.cause().getAsLong();
        int top = scene.coredump().architecture().wordBytes() * 8 - 1;
        boolean interrupt = (cause >>> top & 1) != 0;
        var guard = EspressifCause.of(scene, cause);
        var meaning = guard.map(EspressifCause::meaning).orElseGet(() -> meaning(cause, interrupt, top));
        var registers = Stream.of(
                        Told.register("mcause", trap.cause(), scene, meaning),
                        Told.register("mtval", trap.value(), scene),
                        Told.register(
                                "mstatus",
                                trap.status(),
                                scene,
                                interrupted(trap.status().orElse(0))))
                .flatMap(Optional::stream)
                .toList();
        if (told != null) {
            return Told.diagnosis(told.family(), told.fault().sentence(), null, registers);
        }
        if (guard.isPresent()) {
            return Told.diagnosis(guard.get().family(), guard.get().sentence() + Places.site(scene), null, registers);
        }
        if (interrupt) {
            return Told.diagnosis(
                    ReasonFamily.UNKNOWN, "Crash while an interrupt was handled" + Places.site(scene), null, registers);
        }
        var overflow = overflow(cause, trap.value(), scene);
        if (overflow != null) {
            return Told.diagnosis(ReasonFamily.STACK_OVERFLOW, overflow, Told.hex(trap.value(), scene), registers);
        }
        return switch ((int) Math.min(cause, Integer.MAX_VALUE)) {
            case 0 -> Told.jump(scene, trap.value(), ", which is no instruction's address", registers);
            case 1, 12, 20 -> Told.jump(scene, target(trap.value(), scene), ", where no code can run", registers);
            case 2, 22 ->
                isNoCode(scene)
                        ? Told.jump(scene, Told.pc(scene), ", where there is no code", registers)
                        : Told.diagnosis(
                                ReasonFamily.UNDEF_INSTR,
                                "Undefined instruction" + Places.site(scene),
                                null,
                                registers);
            case 3 ->
                Told.diagnosis(
                        ReasonFamily.PANIC,
                        "Breakpoint instruction without a debugger" + Places.site(scene),
                        null,
                        registers);
            case 4 -> Told.diagnosis(ReasonFamily.UNALIGNED, "Unaligned read" + Places.site(scene), null, registers);
            case 6 -> Told.diagnosis(ReasonFamily.UNALIGNED, "Unaligned write" + Places.site(scene), null, registers);
            case 5 ->
                Told.access(
                        scene, "Read from", trap.value(), ", which is forbidden or where nothing answers", registers);
            case 7 ->
                Told.access(
                        scene, "Write to", trap.value(), ", which is forbidden or where nothing answers", registers);
            case 13, 21 -> Told.access(scene, "Read from", trap.value(), ", which is not mapped", registers);
            case 15, 23 -> Told.access(scene, "Write to", trap.value(), ", which is not mapped", registers);
            case 8, 9, 11 ->
                Told.diagnosis(
                        ReasonFamily.PANIC,
                        "Environment call that nobody handles" + Places.site(scene),
                        null,
                        registers);
            default ->
                Told.diagnosis(
                        ReasonFamily.UNKNOWN,
                        "Trap with mcause %s%s".formatted(Told.hex(cause, scene), Places.site(scene)),
                        null,
                        registers);
        };
    }

    /** Without a trap: the code itself asked for the dump. */
    private static Diagnosis asked(CrashScene scene) {
        var given = GivenReason.of(scene, List.of());
        return given == null ? Told.withoutState(scene) : given;
    }

    /** An interrupt's stack may lie right below a thread's: the stack pointer only counts where the device said so. */
    private static @Nullable String overflow(long cause, OptionalLong value, CrashScene scene) {
        boolean access = cause == 5 || cause == 7 || cause == 13 || cause == 15;
        boolean said = "stack-overflow".equals(scene.coredump().identity().reason());
        return StackOverflow.of(
                scene, access ? value : OptionalLong.empty(), said ? Told.stackPointer(scene) : OptionalLong.empty());
    }

    /** Zeros, and what a bus answers where nothing is, are undefined instructions too. */
    private static boolean isNoCode(CrashScene scene) {
        var pc = Told.pc(scene);
        return pc.isPresent()
                && !scene.coredump().images().isEmpty()
                && !scene.space().isCode(pc.getAsLong())
                && !scene.space().mayBeUnknownCode(pc.getAsLong());
    }

    /** MPP and MPIE (privileged architecture, 3.1.6.1): what they were before the trap. */
    private static String interrupted(long status) {
        var mode = switch ((int) (status >>> 11 & 3)) {
            case 0 -> "user mode";
            case 1 -> "supervisor mode";
            case 2 -> "a reserved mode";
            default -> "machine mode";
        };
        return "trapped from %s with interrupts %s".formatted(mode, (status >>> 7 & 1) == 0 ? "off" : "on");
    }

    /** A processor may leave mtval 0 (3.1.16): then the pc is where it jumped to. */
    private static OptionalLong target(OptionalLong value, CrashScene scene) {
        return value.orElse(0) != 0 ? value : Told.pc(scene);
    }

    private static String meaning(long cause, boolean interrupt, int top) {
        if (interrupt) {
            return "interrupt %d".formatted(cause & ~(1L << top));
        }
        return cause >= 0 && cause < CAUSES.size() ? CAUSES.get((int) cause) : "a cause of this processor's own";
    }
}
