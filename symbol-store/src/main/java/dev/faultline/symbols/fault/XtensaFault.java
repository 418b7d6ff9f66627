package dev.faultline.symbols.fault;

import dev.faultline.symbols.coredump.FaultState.Trap;
import dev.faultline.symbols.report.ReasonFamily;
import java.util.Optional;
import java.util.stream.Stream;

/** An exception of Xtensa: EXCCAUSE and EXCVADDR, with the causes that ESP-IDF adds from 64 on. */
final class XtensaFault {

    private XtensaFault() {}

    static Diagnosis of(Trap trap, CrashScene scene) {
        var told = Told.bySoftware(scene);
        if (trap.cause().isEmpty() || trap.cause().getAsLong() == 0xffff) {
            return told != null ? told : Told.withoutState(scene);
        }
        int cause = (int) Math.min(trap.cause().getAsLong() & 0xffff_ffffL, Integer.MAX_VALUE);
        var registers = Stream.of(
                        Told.register("EXCCAUSE", trap.cause(), scene, meaning(cause)),
                        Told.register("EXCVADDR", trap.value(), scene))
                .flatMap(Optional::stream)
                .toList();
        if (told != null) { // abort() stores to address 0 on purpose: what it said counts
            return Told.diagnosis(told.family(), told.fault().sentence(), null, registers);
        }
        var site = Places.site(scene);
        return switch (cause) {
            case 0 -> Told.diagnosis(ReasonFamily.UNDEF_INSTR, "Undefined instruction" + site, null, registers);
            case 2, 12, 14, 16, 17, 18, 20 ->
                Told.jump(
                        scene,
                        trap.value().isPresent() ? trap.value() : Told.pc(scene),
                        ", where no code can run",
                        registers);
            case 3, 13, 15, 24, 25, 26 ->
                Told.access(
                        scene, "Access to", trap.value(), ", which is forbidden or where nothing answers", registers);
            case 28 -> Told.access(scene, "Read from", trap.value(), ", which is forbidden", registers);
            case 29 -> Told.access(scene, "Write to", trap.value(), ", which is forbidden", registers);
            case 6 -> Told.diagnosis(ReasonFamily.DIV0, "Division by zero" + site, null, registers);
            case 9 -> Told.diagnosis(ReasonFamily.UNALIGNED, "Unaligned access" + site, null, registers);
            case 69, 70 ->
                Told.diagnosis(
                        ReasonFamily.WATCHDOG,
                        "Interrupt watchdog of processor %d fired%s".formatted(cause - 69, site),
                        null,
                        registers);
            case 65 ->
                Told.diagnosis(
                        ReasonFamily.PANIC, "Debug exception: a breakpoint or a watchpoint" + site, null, registers);
            case 71 ->
                Told.diagnosis(
                        ReasonFamily.BAD_ACCESS, "Flash was read while its cache was off" + site, null, registers);
            default ->
                Told.diagnosis(
                        cause >= 32 && cause < 40 ? ReasonFamily.UNDEF_INSTR : ReasonFamily.UNKNOWN,
                        "Exception: %s%s".formatted(meaning(cause), site),
                        null,
                        registers);
        };
    }

    private static String meaning(int cause) {
        return switch (cause) {
            case 0 -> "illegal instruction";
            case 1 -> "system call";
            case 2 -> "instruction fetch error";
            case 3 -> "load or store error";
            case 4 -> "level-1 interrupt";
            case 5 -> "window spill (alloca)";
            case 6 -> "integer division by zero";
            case 7 -> "wrong pc";
            case 8 -> "privileged instruction";
            case 9 -> "unaligned load or store";
            case 12, 14 -> "instruction fetch failed on the bus";
            case 13, 15 -> "load or store failed on the bus";
            case 16, 17 -> "no translation of an instruction's address";
            case 18, 20 -> "instruction fetch prohibited";
            case 24, 25 -> "no translation of a load's or store's address";
            case 26 -> "load or store needs more privilege";
            case 28 -> "load prohibited";
            case 29 -> "store prohibited";
            case 32, 33, 34, 35, 36, 37, 38, 39 -> "coprocessor %d is off".formatted(cause - 32);
            case 63 -> "raised by software";
            case 64 -> "unknown";
            case 65 -> "debug exception";
            case 66 -> "double exception";
            case 67 -> "unhandled kernel exception";
            case 68 -> "coprocessor exception";
            case 69, 70 -> "interrupt watchdog of processor %d".formatted(cause - 69);
            case 71 -> "cache error";
            default -> "cause %d".formatted(cause);
        };
    }
}
