package dev.faultline.symbols.analysis;

import dev.faultline.symbols.elf.BuildId;
import org.jspecify.annotations.Nullable;

/**
 * Who the upload says the coredump is from. The coredump's own identity wins; where it is silent a claim fills in, and
 * where the two differ the report warns.
 *
 * @param device the device's id
 * @param hardware its hardware revision
 * @param software the software type, such as {@code main-fw}
 * @param version the release
 * @param buildId of the image that crashed, in hexadecimal of either case
 */
public record ClaimedIdentity(
        @Nullable String device,
        @Nullable String hardware,
        @Nullable String software,
        @Nullable String version,
        @Nullable String buildId) {
    /** An upload that says nothing. */
    public static final ClaimedIdentity NONE = new ClaimedIdentity(null, null, null, null, null);

    /** An upload that says nothing but which build crashed. */
    public static ClaimedIdentity ofBuild(BuildId build) {
        return new ClaimedIdentity(null, null, null, null, build.hex());
    }
}
