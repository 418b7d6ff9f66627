package dev.faultline.symbols.coredump;

import java.util.Locale;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What the kernel knew of a thread.
 *
 * @param activity what it was doing
 * @param waitsFor what it is blocked on, in words, where known
 * @param priority as the kernel counts it
 * @param stackUsed most bytes of its stack that were ever in use
 * @param overflow why its stack must have been too small, in words, where that shows
 */
public record ThreadState(
        Activity activity,
        @Nullable String waitsFor,
        OptionalInt priority,
        OptionalLong stackUsed,
        @Nullable String overflow) {

    /** Of a thread whose stack shows nothing wrong. */
    public ThreadState(Activity activity, @Nullable String waitsFor, OptionalInt priority, OptionalLong stackUsed) {
        this(activity, waitsFor, priority, stackUsed, null);
    }

    /** The states of every kernel, in one set. */
    public enum Activity {
        RUNNING,
        READY,
        BLOCKED,
        SUSPENDED,
        DELETED,
        UNKNOWN;

        /** As shown, stored and sent. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
