package dev.faultline.crash;

import java.util.UUID;

/**
 * Another coredump of the same upload.
 *
 * @param ordinal its place in the upload, from 1 on
 */
public record Sibling(UUID id, int ordinal, CrashState state) {}
