package dev.faultline.symbols.fault;

import dev.faultline.symbols.report.FaultReport;
import dev.faultline.symbols.report.FaultReport.FaultRegister;
import dev.faultline.symbols.report.ReasonFamily;
import dev.faultline.symbols.unwind.Frame;
import dev.faultline.symbols.unwind.Trust;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the code itself said when it asked a device for the dump. */
final class GivenReason {
    private final CrashScene scene;
    private final List<FaultRegister> registers;

    private GivenReason(CrashScene scene, List<FaultRegister> registers) {
        this.scene = scene;
        this.registers = registers;
    }

    /** Of a dump that no fault of the processor caused; null where its reason is none of ours. */
    static @Nullable Diagnosis of(CrashScene scene, List<FaultRegister> registers) {
        var reason = scene.coredump().identity().reason();
        return reason == null ? null : new GivenReason(scene, registers).diagnosis(reason);
    }

    private @Nullable Diagnosis diagnosis(String reason) {
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
        var site = Places.exactly(Places.reported(scene));
        return told(
                ReasonFamily.ASSERT,
                message == null ? "Assertion failed" + site : "Assertion `%s` failed%s".formatted(message, site));
    }

    private Diagnosis panic() {
        var message = scene.coredump().identity().message();
        var site = Places.exactly(Places.reported(scene));
        return told(ReasonFamily.PANIC, "Panic" + site + (message == null ? "" : ": " + message));
    }

    private Diagnosis checkedOverflow() {
        return told(
                ReasonFamily.STACK_OVERFLOW,
                "Stack overflow of %s, found by the kernel's check%s"
                        .formatted(Places.thread(scene), Places.in(Places.reported(scene))));
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
                "Watchdog fired while %s was running%s"
                        .formatted(Places.thread(scene), Places.in(Places.reported(scene))));
    }

    private Diagnosis stuck(List<Frame> interrupted) {
        var loop = LoopSearch.loopingFunction(interrupted, scene.space());
        if (loop.isPresent()) {
            var told = told(
                    ReasonFamily.WATCHDOG,
                    "Watchdog fired while %s was looping in `%s`".formatted(Places.thread(scene), loop.get()));
            return new Diagnosis(told.family(), told.fault().loopingIn(loop.get()));
        }
        long pc = interrupted.getFirst().pc();
        var function = scene.space().function(pc);
        return told(
                ReasonFamily.WATCHDOG,
                function.isPresent()
                        ? "Watchdog fired while %s was in `%s`"
                                .formatted(Places.thread(scene), function.get().name())
                        : "Watchdog fired while %s was at %s".formatted(Places.thread(scene), Told.hex(pc, scene)));
    }

    private Diagnosis told(ReasonFamily family, String sentence) {
        return new Diagnosis(family, new FaultReport(sentence, null, false, registers));
    }
}
