package dev.faultline.symbols.report;

import org.jspecify.annotations.Nullable;

/**
 * Who crashed, running what. What neither the dump nor the upload says is absent, never guessed.
 *
 * @param device the device's id
 * @param hardware its hardware revision
 * @param software the software type, such as {@code main-fw}
 * @param version the release
 * @param buildId lower-case hexadecimal
 * @param reason the device's own word for what happened
 * @param message the text of an assert or panic
 * @param uptimeMillis milliseconds since boot
 */
public record CrashIdentity(
        @Nullable String device,
        @Nullable String hardware,
        @Nullable String software,
        @Nullable String version,
        @Nullable String buildId,
        @Nullable String reason,
        @Nullable String message,
        @Nullable Long uptimeMillis) {}
