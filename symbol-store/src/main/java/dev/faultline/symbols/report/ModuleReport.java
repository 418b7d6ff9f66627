package dev.faultline.symbols.report;

import org.jspecify.annotations.Nullable;

/** An image in the crashed address space: its name, build id, lowest address as {@code 0x…}, and whether it has symbols. */
public record ModuleReport(String name, @Nullable String buildId, String address, boolean symbols) {}
