package dev.faultline.symbols.dwarf;

/** Where a register of the caller is (DWARF 5, 6.4.1). Offsets are bytes from the canonical frame address. */
public sealed interface RegisterRule {

    record Undefined() implements RegisterRule {}

    record SameValue() implements RegisterRule {}

    record SavedAt(long offset) implements RegisterRule {}

    record ValueOf(long offset) implements RegisterRule {}

    record InRegister(int register) implements RegisterRule {}

    record SavedAtExpression(DwarfExpression expression) implements RegisterRule {}

    record ValueOfExpression(DwarfExpression expression) implements RegisterRule {}
}
