package dev.faultline.symbols.variables;

import org.jspecify.annotations.Nullable;

/** A value on the stack of an expression: its bits, and its type; none: an integer as large as an address (DWARF 5, 2.5.1). */
record Operand(long bits, Type.@Nullable Base type) {}
