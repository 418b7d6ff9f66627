package dev.faultline.fleet;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Who was seen, running what.
 *
 * @param device id of the device; absent: neither the dump nor the upload named one
 * @param release id of the release; absent: software type or version is unknown
 * @param hardware its hardware revision, empty where unknown
 * @param atStart it crashed within {@link #START} of its boot; absent: the dump does not say when that was
 */
public record Sighting(
        @Nullable Long device,
        @Nullable Long release,
        String hardware,
        @Nullable Boolean atStart) {
    /** Who crashes so soon may never come to an update. */
    public static final Duration START = Duration.ofSeconds(60);
}
