package dev.faultline.symbols.index;

import org.jspecify.annotations.Nullable;

/**
 * What one address means at one level of inlining.
 *
 * @param function the name as in the source
 * @param linkageName the linker's name where it differs
 * @param file the path as the compiler recorded it, directory joined; absent without line information
 * @param line 1-based; 0: the compiler said that no line fits, or no line information
 * @param column 1-based; 0: none
 * @param inlined whether this level was inlined into the next one
 */
public record SourceFrame(
        String function,
        @Nullable String linkageName,
        @Nullable String file,
        int line,
        int column,
        boolean inlined) {}
