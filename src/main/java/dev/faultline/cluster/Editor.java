package dev.faultline.cluster;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Who edits clusters, and when.
 *
 * @param address where the request came from; null if it is not known
 */
public record Editor(String actor, @Nullable String address, Instant now) {}
