package dev.faultline.symbols.fault;

import dev.faultline.symbols.report.FrameReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * How code ended itself on purpose.
 *
 * @param functions that stand between the end and who wanted it, innermost first; none where it did not end itself
 * @param site {@code  in `f`}: who wanted it
 */
record Aborting(List<String> functions, String site) {
    private static final Set<String> ABORTING = Set.of(
            "abort",
            "raise",
            "gsignal",
            "__assert_fail",
            "__assert_fail_base",
            "__assert",
            "__assert_func",
            "pthread_kill",
            "__pthread_kill",
            "__pthread_kill_implementation",
            "__pthread_kill_internal",
            "__GI_raise",
            "__GI_abort",
            "kill",
            "tgkill",
            "__libc_do_syscall",
            "__kernel_vsyscall",
            "panic_abort",
            "esp_system_abort");

    private static final Set<String> HEAP_CHECKS = Set.of(
            "malloc_printerr",
            "__libc_message",
            "__libc_message_impl",
            "__fortify_fail",
            "__stack_chk_fail",
            "_int_free",
            "__libc_free",
            "free");

    static Aborting of(CrashScene scene) {
        var functions = new ArrayList<String>();
        for (var frame : withoutEntry(scene.frames())) {
            var function = frame.function() == null ? "" : withoutClone(frame.function());
            if (!ABORTING.contains(function) && (functions.isEmpty() || !HEAP_CHECKS.contains(function))) {
                return new Aborting(functions, Places.in(frame));
            }
            functions.add(function);
        }
        return new Aborting(functions, "");
    }

    /** A frame without a name that such a function called is the entry into the kernel, of which no dump has the symbols. */
    private static List<FrameReport> withoutEntry(List<FrameReport> frames) {
        boolean isEntry = frames.size() > 1
                && frames.getFirst().function() == null
                && ABORTING.contains(
                        withoutClone(Objects.requireNonNullElse(frames.get(1).function(), "")));
        return isEntry ? frames.subList(1, frames.size()) : frames;
    }

    boolean isAssertion() {
        return functions.stream().anyMatch(function -> function.startsWith("__assert"));
    }

    boolean isHeapCheck() {
        return functions.stream().anyMatch(HEAP_CHECKS::contains);
    }

    /** A part or a variant that the compiler made of a function, such as {@code abort.cold}, stands for the function. */
    private static String withoutClone(String function) {
        int dot = function.indexOf('.');
        return dot > 0 ? function.substring(0, dot) : function;
    }
}
