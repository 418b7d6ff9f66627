package dev.faultline.web;

import org.jspecify.annotations.Nullable;

/**
 * A crash in a list.
 *
 * @param signature of its cluster; absent where the list is of one cluster, or while there is none
 * @param title what stands in the place of a signature
 * @param under the id where the title is not the id itself
 * @param words the fault's sentence, or why it could not be read
 * @param state absent for a crash that is all read
 */
public record CrashRow(
        String url,
        @Nullable Signature signature,
        String title,
        @Nullable String under,
        @Nullable String words,
        @Nullable Reason reason,
        @Nullable Badge state,
        @Nullable String device,
        @Nullable String deviceUrl,
        @Nullable String release,
        @Nullable String hardware,
        Moment at) {}
