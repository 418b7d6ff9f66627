package dev.faultline.symbols.report;

import org.jspecify.annotations.Nullable;

/** One line of a log: milliseconds since boot and level (E, W, I, D) where the line has them, and its text. */
public record LogLine(@Nullable Long uptimeMillis, @Nullable String level, String text) {}
