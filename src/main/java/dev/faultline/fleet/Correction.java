package dev.faultline.fleet;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a release was made from in truth, in place of what CI registered.
 *
 * @param parents all of them; none: it begins a line
 * @param because why, for the audit log
 */
public record Correction(
        @Nullable List<@Nullable String> parents, @Nullable String because) {}
