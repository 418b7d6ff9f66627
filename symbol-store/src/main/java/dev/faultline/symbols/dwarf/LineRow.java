package dev.faultline.symbols.dwarf;

import org.jspecify.annotations.Nullable;

/** One row of a line table: from its address up to the next row's. {@code line} 0: no line fits. */
public record LineRow(long address, @Nullable String file, int line, int column) {}
