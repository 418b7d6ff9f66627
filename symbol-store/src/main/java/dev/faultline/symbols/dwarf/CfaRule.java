package dev.faultline.symbols.dwarf;

/** How the canonical frame address is computed (DWARF 5, 6.4.2.2). */
public sealed interface CfaRule {

    /** The value of a register plus an offset in bytes. */
    record RegisterOffset(int register, long offset) implements CfaRule {}

    /** A DWARF expression. */
    record Expression(DwarfExpression expression) implements CfaRule {}
}
