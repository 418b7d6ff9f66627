package dev.faultline.web;

import org.jspecify.annotations.Nullable;

/**
 * A crash in a list.
 *
 * @param title the signature of its cluster, or what it waits for
 * @param state absent for a crash that is all read
 */
public record CrashRow(
        String id,
        String url,
        @Nullable Signature signature,
        String title,
        @Nullable Reason reason,
        @Nullable Badge state,
        @Nullable String device,
        @Nullable String deviceUrl,
        @Nullable String release,
        @Nullable String hardware,
        Moment at) {}
