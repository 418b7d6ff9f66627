package dev.faultline.symbols.report;

import org.jspecify.annotations.Nullable;

/**
 * A debug file that was wanted and not there, with the command that uploads it.
 *
 * @param buildId of the file in lower-case hexadecimal; where the dump names it by the beginning of the SHA-256 of the
 *     file, that behind {@link #BY_FILE_HASH}
 */
public record MissingSymbols(
        String buildId, @Nullable String software, @Nullable String version, String command) {
    /** In front of the beginning of a SHA-256. */
    public static final String BY_FILE_HASH = "sha256:";
}
