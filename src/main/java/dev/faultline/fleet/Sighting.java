package dev.faultline.fleet;

import org.jspecify.annotations.Nullable;

/**
 * Who was seen, running what.
 *
 * @param device id of the device; absent: neither the dump nor the upload named one
 * @param release id of the release; absent: software type or version is unknown
 * @param hardware its hardware revision, empty where unknown
 */
public record Sighting(@Nullable Long device, @Nullable Long release, String hardware) {}
