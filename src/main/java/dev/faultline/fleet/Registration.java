package dev.faultline.fleet;

import org.jspecify.annotations.Nullable;

/**
 * What CI says of a release; what it leaves out stays as it was.
 *
 * @param version as the device reports it
 * @param software software type
 * @param branch the line it belongs to, such as {@code main}
 * @param parent version it was made from
 * @param commit what it was built of
 */
public record Registration(
        @Nullable String version,
        @Nullable String software,
        @Nullable String branch,
        @Nullable String parent,
        @Nullable String commit) {}
