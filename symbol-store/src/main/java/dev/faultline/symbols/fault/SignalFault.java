package dev.faultline.symbols.fault;

import dev.faultline.symbols.coredump.FaultState.Signal;
import dev.faultline.symbols.report.FaultReport.FaultRegister;
import dev.faultline.symbols.report.ReasonFamily;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** A Linux process that a signal ended: its number, {@code si_code} and {@code si_addr} (sigaction(2)). */
final class SignalFault {
    /** The kernel raised it, for none of the reasons that have numbers of their own. */
    private static final long SI_KERNEL = 0x80;

    private SignalFault() {}

    static Diagnosis of(Signal signal, CrashScene scene) {
        var registers = List.of(described(signal, scene));
        boolean sent = signal.code().isPresent() && signal.code().getAsLong() <= 0;
        return switch (signal.number()) {
            case 11 -> sent ? sent("SIGSEGV", scene, registers) : segment(signal, scene, registers);
            case 7 -> sent ? sent("SIGBUS", scene, registers) : bus(signal, scene, registers);
            case 8 -> arithmetic(signal, scene, registers);
            case 4 ->
                Told.diagnosis(ReasonFamily.UNDEF_INSTR, "Undefined instruction" + Places.site(scene), null, registers);
            case 5 -> Told.diagnosis(ReasonFamily.PANIC, "Trap instruction" + Places.site(scene), null, registers);
            case 6 -> abort(scene, registers);
            case 31 ->
                Told.diagnosis(
                        ReasonFamily.SIGNAL,
                        "System call that is not allowed (SIGSYS)" + Places.site(scene),
                        null,
                        registers);
            default ->
                Told.diagnosis(
                        ReasonFamily.SIGNAL,
                        "Ended by signal %s%s".formatted(name(signal.number()), Places.site(scene)),
                        null,
                        registers);
        };
    }

    private static Diagnosis segment(Signal signal, CrashScene scene, List<FaultRegister> registers) {
        if (signal.code().orElse(0) == SI_KERNEL) { // x86: a general protection fault has no address
            return Told.access(scene, "Access to", OptionalLong.empty(), ", which the processor refuses", registers);
        }
        if (signal.address().isPresent() && signal.address().equals(Told.pc(scene))) {
            return Told.jump(scene, signal.address(), ", where no code may run", registers);
        }
        if (signal.address().isEmpty() && isNowhere(Told.pc(scene), scene)) {
            return Told.jump(scene, Told.pc(scene), ", where there is no code", registers);
        }
        var overflow = StackOverflow.ofProcess(scene, signal.address(), Told.stackPointer(scene));
        if (overflow != null) {
            return Told.diagnosis(ReasonFamily.STACK_OVERFLOW, overflow, Told.hex(signal.address(), scene), registers);
        }
        var why = switch ((int) signal.code().orElse(0)) {
            case 1 -> ", which is not mapped";
            case 2 -> ", which the mapping forbids";
            case 3 -> ", outside of its bounds";
            case 4 -> ", which its protection key forbids";
            case 8, 9 -> ", whose memory tag is another";
            default -> "";
        };
        return Told.access(scene, "Access to", signal.address(), why, registers);
    }

    /** Whether no image is there; what is mapped there, the dump may not tell. */
    private static boolean isNowhere(OptionalLong pc, CrashScene scene) {
        return pc.isPresent()
                && !scene.space().isCode(pc.getAsLong())
                && scene.space().symbols().around(pc.getAsLong()).isEmpty()
                && scene.space().symbols().isAnyKnown();
    }

    private static Diagnosis bus(Signal signal, CrashScene scene, List<FaultRegister> registers) {
        if (signal.code().orElse(0) == 1) {
            return Told.diagnosis(ReasonFamily.UNALIGNED, "Unaligned access" + Places.site(scene), null, registers);
        }
        return Told.access(scene, "Access to", signal.address(), ", which has no memory behind it", registers);
    }

    private static Diagnosis arithmetic(Signal signal, CrashScene scene, List<FaultRegister> registers) {
        return switch ((int) signal.code().orElse(0)) {
            case 1 -> Told.diagnosis(ReasonFamily.DIV0, "Division by zero" + Places.site(scene), null, registers);
            case 2 -> Told.diagnosis(ReasonFamily.SIGNAL, "Integer overflow" + Places.site(scene), null, registers);
            default ->
                Told.diagnosis(
                        ReasonFamily.SIGNAL, "Arithmetic that failed (SIGFPE)" + Places.site(scene), null, registers);
        };
    }

    private static Diagnosis abort(CrashScene scene, List<FaultRegister> registers) {
        var ending = Aborting.of(scene);
        var where = ending.site();
        var said = AbortMessage.of(scene)
                .or(() -> Optional.ofNullable(scene.coredump().identity().message()));
        var assertion = said.map(AbortMessage::assertion);
        if (assertion.isPresent()) {
            var sentence = "Assertion `%s` failed%s (%s)"
                    .formatted(
                            assertion.get().condition(), where, assertion.get().place());
            return Told.diagnosis(ReasonFamily.ASSERT, sentence, null, registers);
        }
        var text = said.map(message -> ": " + message).orElse("");
        if (ending.isAssertion()) {
            return Told.diagnosis(ReasonFamily.ASSERT, "Assertion failed" + where + text, null, registers);
        }
        var what = ending.isHeapCheck() ? "The C library found damaged memory" : "Abort";
        return Told.diagnosis(ReasonFamily.PANIC, what + where + text, null, registers);
    }

    private static Diagnosis sent(String name, CrashScene scene, List<FaultRegister> registers) {
        return Told.diagnosis(
                ReasonFamily.SIGNAL,
                "%s, sent by a process and not raised by a fault%s".formatted(name, Places.site(scene)),
                null,
                registers);
    }

    private static FaultRegister described(Signal signal, CrashScene scene) {
        var code =
                signal.code().isPresent() ? "si_code %d".formatted(signal.code().getAsLong()) : "si_code unknown";
        var address = signal.address().isPresent()
                ? ", si_addr " + Told.hex(signal.address().getAsLong(), scene)
                : "";
        return new FaultRegister(
                "signal",
                String.valueOf(signal.number()),
                List.of("%s, %s%s".formatted(name(signal.number()), code, address)));
    }

    private static String name(int number) {
        return switch (number) {
            case 1 -> "SIGHUP";
            case 2 -> "SIGINT";
            case 3 -> "SIGQUIT";
            case 4 -> "SIGILL";
            case 5 -> "SIGTRAP";
            case 6 -> "SIGABRT";
            case 7 -> "SIGBUS";
            case 8 -> "SIGFPE";
            case 9 -> "SIGKILL";
            case 11 -> "SIGSEGV";
            case 15 -> "SIGTERM";
            case 24 -> "SIGXCPU";
            case 25 -> "SIGXFSZ";
            case 31 -> "SIGSYS";
            default -> String.valueOf(number);
        };
    }
}
