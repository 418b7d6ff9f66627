package dev.faultline.symbols.fault;

import dev.faultline.symbols.coredump.DumpThread;
import dev.faultline.symbols.report.FrameReport;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where it happened, in words. */
final class Places {
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

    private Places() {}

    /** {@code  in `f`}, and who called it where f belongs to the C library. */
    static String site(CrashScene scene) {
        var frames = scene.frames();
        if (frames.isEmpty()) {
            return "";
        }
        var innermost = frames.getFirst();
        var function = innermost.function();
        if (function == null || !LIBRARY.contains(function)) {
            return in(innermost);
        }
        var caller = firstOutside(scene, LIBRARY);
        return caller == null || caller.function() == null
                ? in(innermost)
                : in(innermost) + ", called by `%s`".formatted(caller.function());
    }

    static boolean isOfLibrary(String function) {
        return LIBRARY.contains(function);
    }

    /** The innermost frame that does not merely report the crash. */
    static @Nullable FrameReport reported(CrashScene scene) {
        return firstOutside(scene, REPORTING);
    }

    private static @Nullable FrameReport firstOutside(CrashScene scene, Set<String> functions) {
        for (var frame : scene.frames()) {
            if (frame.function() == null || !functions.contains(frame.function())) {
                return frame;
            }
        }
        return null;
    }

    static String in(@Nullable FrameReport frame) {
        if (frame == null) {
            return "";
        }
        return frame.function() == null ? " at " + frame.pc() : " in `%s`".formatted(frame.function());
    }

    /** As {@link #in}, with file and line where they are known. */
    static String exactly(@Nullable FrameReport frame) {
        return frame == null || frame.file() == null || frame.line() == 0
                ? in(frame)
                : in(frame) + " (%s:%d)".formatted(baseName(frame.file()), frame.line());
    }

    private static String baseName(String file) {
        return file.substring(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
    }

    /** The crashed thread. */
    static String thread(CrashScene scene) {
        return scene.coredump().crashedThread().map(Places::name).orElse("the device");
    }

    static String name(DumpThread thread) {
        return thread.name() == null ? "thread %d".formatted(thread.id()) : "`%s`".formatted(thread.name());
    }
}
