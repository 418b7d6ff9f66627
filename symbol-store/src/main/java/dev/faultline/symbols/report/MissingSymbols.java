package dev.faultline.symbols.report;

import org.jspecify.annotations.Nullable;

/** A debug file that was wanted and not there, with the command that uploads it. */
public record MissingSymbols(
        String buildId, @Nullable String software, @Nullable String version, String command) {}
