package dev.faultline.symbols.coredump;

import dev.faultline.symbols.elf.BuildId;
import org.jspecify.annotations.Nullable;

/**
 * Who crashed, in the dump's own words; what it does not say is absent.
 *
 * @param device the device's id
 * @param hardware its hardware revision
 * @param software the software type
 * @param version the release
 * @param buildId of the image that crashed
 * @param reason the device's word for what happened
 * @param message the text of an assert or panic
 * @param uptimeMillis milliseconds since boot
 */
public record DumpIdentity(
        @Nullable String device,
        @Nullable String hardware,
        @Nullable String software,
        @Nullable String version,
        @Nullable BuildId buildId,
        @Nullable String reason,
        @Nullable String message,
        @Nullable Long uptimeMillis) {}
