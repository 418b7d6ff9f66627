package dev.faultline.symbols.fault;

import dev.faultline.symbols.report.FaultReport;
import dev.faultline.symbols.report.FaultReport.FaultRegister;
import dev.faultline.symbols.report.ReasonFamily;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What the diagnoses of all families have in common: places, words of the dump, addresses. */
final class Told {
    /** Below this an address is an offset from a null pointer (the first page, as everywhere). */
    static final long NULL_PAGE = 0x1000;

    private Told() {}

    /** A register of the fault; one that the dump does not have is no zero and is left out. */
    static Optional<FaultRegister> register(String name, OptionalLong value, CrashScene scene, String... meanings) {
        return value.isPresent()
                ? Optional.of(new FaultRegister(name, hex(value.getAsLong(), scene), List.of(meanings)))
                : Optional.empty();
    }

    /** Where the crashed thread was. */
    static OptionalLong pc(CrashScene scene) {
        var frames = scene.stack().frames();
        return frames.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(frames.getFirst().pc());
    }

    /** Of the crashed thread, when it crashed. */
    static OptionalLong stackPointer(CrashScene scene) {
        return scene.coredump()
                .crashedThread()
                .map(thread ->
                        thread.registers().get(scene.coredump().architecture().stackPointer()))
                .orElse(OptionalLong.empty());
    }

    /** A jump to where no code can run; what is known is the function that made it, not where it went. */
    static Diagnosis jump(CrashScene scene, OptionalLong target, String why, List<FaultRegister> registers) {
        var from = scene.frames().stream()
                .filter(frame -> frame.function() != null)
                .findFirst()
                .map(Places::in)
                .orElse("");
        if (target.isPresent() && isNull(target.getAsLong())) {
            return diagnosis(
                    ReasonFamily.BAD_JUMP,
                    "Call through a null function pointer" + from,
                    hex(target.getAsLong(), scene),
                    registers);
        }
        var address = target.isPresent() ? hex(target.getAsLong(), scene) : null;
        return diagnosis(
                ReasonFamily.BAD_JUMP,
                "Jump to %s%s, through a bad function pointer or return address%s"
                        .formatted(address == null ? "an address that was not kept" : address, why, from),
                address,
                registers);
    }

    private static boolean isNull(long address) {
        return address >= 0 && address < NULL_PAGE;
    }

    static @Nullable String hex(OptionalLong address, CrashScene scene) {
        return address.isPresent() ? hex(address.getAsLong(), scene) : null;
    }

    static String hex(long address, CrashScene scene) {
        return scene.coredump().architecture().wordBytes() == 8
                ? "0x%016x".formatted(address)
                : "0x%08x".formatted(address & 0xffff_ffffL);
    }

    /** A fault of an access: null pointers are told apart. */
    static Diagnosis access(
            CrashScene scene, String verb, OptionalLong address, String why, List<FaultRegister> registers) {
        if (address.isEmpty()) {
            return diagnosis(
                    ReasonFamily.BAD_ACCESS,
                    verb + " an address that was not kept" + why + (why.isEmpty() ? "" : ",") + Places.site(scene),
                    null,
                    registers);
        }
        long at = address.getAsLong();
        boolean isNull = isNull(at);
        var reached = "%s address %s".formatted(verb, hex(at, scene));
        return diagnosis(
                isNull ? ReasonFamily.NULL_DEREF : ReasonFamily.BAD_ACCESS,
                reached + (isNull ? " through a null pointer" : why.isEmpty() ? "" : why + ",") + Places.site(scene),
                hex(at, scene),
                registers);
    }

    static Diagnosis diagnosis(
            ReasonFamily family, String sentence, @Nullable String address, List<FaultRegister> registers) {
        return new Diagnosis(family, new FaultReport(sentence, address, false, registers));
    }

    /** A crash of which only the dump's own words are known. */
    static Diagnosis withoutState(CrashScene scene) {
        var identity = scene.coredump().identity();
        var reason = identity.reason();
        var family = switch (reason == null ? "" : reason) {
            case "assert" -> ReasonFamily.ASSERT;
            case "watchdog" -> ReasonFamily.WATCHDOG;
            case "panic" -> ReasonFamily.PANIC;
            case "stack-overflow" -> ReasonFamily.STACK_OVERFLOW;
            case "brownout" -> ReasonFamily.BROWNOUT;
            default -> ReasonFamily.UNKNOWN;
        };
        var words = reason == null || family == ReasonFamily.UNKNOWN ? "Crash" : capital(reason.replace('-', ' '));
        var message = identity.message();
        return diagnosis(family, words + Places.site(scene) + (message == null ? "" : ": " + message), null, List.of());
    }

    private static String capital(String word) {
        return word.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1);
    }

    /** What the code itself said, where it did: it counts before what the processor saw of it. */
    static @Nullable Diagnosis byMessage(CrashScene scene) {
        var message = scene.coredump().identity().message();
        if (message == null || message.isBlank()) {
            return null;
        }
        if (message.startsWith("assert failed") || message.contains("ASSERTION FAIL")) {
            return diagnosis(ReasonFamily.ASSERT, "Assertion failed: " + message, null, List.of());
        }
        if (message.contains("stack overflow") || message.contains("Stack canary watchpoint")) {
            return diagnosis(ReasonFamily.STACK_OVERFLOW, message, null, List.of());
        }
        if (message.contains("watchdog") || message.contains("wdt timeout")) {
            return diagnosis(ReasonFamily.WATCHDOG, message, null, List.of());
        }
        if (message.contains("Brownout")) {
            return diagnosis(ReasonFamily.BROWNOUT, message, null, List.of());
        }
        return message.startsWith("abort()")
                ? diagnosis(ReasonFamily.PANIC, "Panic" + Aborting.of(scene).site() + ": " + message, null, List.of())
                : null;
    }

    /** What the stack itself tells, where code ended itself: it counts before the access by which it did. */
    static @Nullable Diagnosis byAbort(CrashScene scene) {
        var ending = Aborting.of(scene);
        if (ending.functions().isEmpty()) {
            return null;
        }
        return ending.isAssertion()
                ? diagnosis(ReasonFamily.ASSERT, "Assertion failed" + ending.site(), null, List.of())
                : diagnosis(ReasonFamily.PANIC, "Abort" + ending.site(), null, List.of());
    }

    /** By what was said, or else by the stack; absent where the processor's own cause counts. */
    static @Nullable Diagnosis bySoftware(CrashScene scene) {
        var message = byMessage(scene);
        return message != null ? message : byAbort(scene);
    }
}
