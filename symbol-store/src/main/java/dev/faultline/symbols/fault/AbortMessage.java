package dev.faultline.symbols.fault;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a C library said before it ended the process. glibc keeps it for whoever reads the core: {@code __abort_msg} points
 * at a size of four bytes and the text.
 */
final class AbortMessage {
    private static final String VARIABLE = "__abort_msg";
    private static final int MOST_CHARACTERS = 1024;

    /** {@code gateway: parts.c:49: payload_size: Assertion `told <= size' failed.} */
    private static final Pattern ASSERTION =
            Pattern.compile("(?:[^:]*: )?(?:.*/)?([^/:]+):(\\d+): (?:.*: )?Assertion `(.*)' failed\\.");

    private AbortMessage() {}

    /**
     * A failed assertion.
     *
     * @param place file and line, as in {@code parts.c:49}
     */
    record Assertion(String condition, String place) {}

    /** The text, one line; empty where the dump does not have it. */
    static Optional<String> of(CrashScene scene) {
        for (var module : scene.space().symbols().modules()) {
            var variable = module.data(VARIABLE);
            if (variable.isPresent()) {
                var message = scene.space().word(variable.get().address());
                if (message.isPresent() && message.getAsLong() != 0) {
                    return text(scene, message.getAsLong() + Integer.BYTES);
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<String> text(CrashScene scene, long at) {
        var text = new StringBuilder();
        for (int i = 0; i < MOST_CHARACTERS; i++) {
            OptionalLong character = scene.space().memory().unsigned(at + i, 1);
            if (character.isEmpty() || character.getAsLong() == 0) {
                break;
            }
            char c = (char) character.getAsLong();
            text.append(c < ' ' || c > '~' ? ' ' : c);
        }
        return Optional.of(text.toString().strip()).filter(said -> !said.isEmpty());
    }

    /** What failed, where the text is that of {@code assert}. */
    static @Nullable Assertion assertion(String text) {
        var parts = ASSERTION.matcher(text);
        return parts.matches() ? new Assertion(parts.group(3), parts.group(1) + ":" + parts.group(2)) : null;
    }
}
