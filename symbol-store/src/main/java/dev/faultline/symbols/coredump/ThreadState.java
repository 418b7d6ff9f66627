package dev.faultline.symbols.coredump;

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
 */
public record ThreadState(Activity activity, @Nullable String waitsFor, OptionalInt priority, OptionalLong stackUsed) {

    /** The states of every kernel, in one set. */
    public enum Activity {
        RUNNING,
        READY,
        BLOCKED,
        SUSPENDED,
        DELETED,
        UNKNOWN
    }
}
