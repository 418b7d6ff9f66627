package dev.faultline.symbols.coredump;

import dev.faultline.symbols.bytes.Limits;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a Zephyr console said before and during one crash.
 *
 * @param version of the boot banner
 * @param message of a failed assertion
 * @param reason number of the fatal error
 * @param thread address of the thread that was running
 * @param threadName its name
 * @param text the lines
 * @param warnings where less certain things come from
 */
record ZephyrConsole(
        @Nullable String version,
        @Nullable String message,
        @Nullable Integer reason,
        OptionalLong thread,
        @Nullable String threadName,
        List<String> text,
        List<String> warnings) {
    /** No console at all. */
    static final ZephyrConsole NOTHING =
            new ZephyrConsole(null, null, null, OptionalLong.empty(), null, List.of(), List.of());

    ZephyrConsole {
        text = List.copyOf(text);
        warnings = List.copyOf(warnings);
    }

    DumpIdentity identity(@Nullable String word) {
        return new DumpIdentity(null, null, null, version, null, message == null ? word : "assert", message, null);
    }

    /** The same while it is read. */
    static final class Listener {
        private static final Pattern BANNER = Pattern.compile("\\*\\*\\* Booting Zephyr OS (?:build|version) (\\S+)");
        private static final Pattern FATAL = Pattern.compile(">>> ZEPHYR FATAL ERROR (\\d{1,5})");
        private static final Pattern THREAD =
                Pattern.compile("Current thread: (?:0x)?([0-9a-fA-F]{1,15})(?: \\(([^)]{1,64})\\))?");
        private static final Pattern ASSERTION = Pattern.compile("ASSERTION FAIL \\[(.*)\\] @ (.*)");

        private final LastLines lines;
        private @Nullable String version;
        private @Nullable String message;
        private @Nullable Integer reason;
        private OptionalLong thread = OptionalLong.empty();
        private @Nullable String threadName;

        Listener(Limits limits) {
            this.lines = new LastLines(limits);
        }

        /** Whether the line is that of a fatal error. */
        boolean add(String line) {
            lines.add(line);
            var banner = BANNER.matcher(line);
            if (banner.find()) {
                version = banner.group(1);
                forget();
            }
            var assertion = ASSERTION.matcher(line);
            if (assertion.find()) {
                message = assertion.group(1) + " at " + assertion.group(2).strip();
            }
            var running = THREAD.matcher(line);
            if (running.find()) {
                thread = OptionalLong.of(HexFormat.fromHexDigitsToLong(running.group(1)));
                var name = running.group(2);
                threadName = name == null || name.equals("unknown") ? null : name;
            }
            var fatal = FATAL.matcher(line);
            if (fatal.find()) {
                reason = Integer.valueOf(fatal.group(1));
                return true;
            }
            return false;
        }

        /** What was said since the crash before. */
        ZephyrConsole take() {
            var warnings = new ArrayList<String>();
            if (version != null) {
                warnings.add("The version \"%s\" is that of the boot banner: the coredump itself names none"
                        .formatted(version));
            }
            var console = new ZephyrConsole(version, message, reason, thread, threadName, lines.take(), warnings);
            forget();
            return console;
        }

        private void forget() {
            message = null;
            reason = null;
            thread = OptionalLong.empty();
            threadName = null;
        }
    }
}
