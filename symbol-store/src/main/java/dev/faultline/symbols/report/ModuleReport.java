package dev.faultline.symbols.report;

import org.jspecify.annotations.Nullable;

/** An image in the crashed address space: its name, build id, load bias as {@code 0x…} (0 for firmware, which runs where it is linked), and whether it has symbols. */
public record ModuleReport(String name, @Nullable String buildId, String address, boolean symbols) {}
