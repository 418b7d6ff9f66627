package dev.faultline.symbols.unwind;

import dev.faultline.symbols.arch.Registers;
import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.dwarf.CfaRule;
import dev.faultline.symbols.dwarf.RegisterRule;
import dev.faultline.symbols.dwarf.UnwindRow;
import java.util.OptionalLong;

/** The caller's registers by one row of call frame information (DWARF 5, 6.4.4). */
final class CallFrameStep {
    private final AddressSpace space;
    private final UnwindRow row;
    private final Registers callee;
    private final Limits limits;

    private CallFrameStep(AddressSpace space, UnwindRow row, Registers callee, Limits limits) {
        this.space = space;
        this.row = row;
        this.callee = callee;
        this.limits = limits;
    }

    /** The registers of the caller as the row gives them; the return address as it is stored, Thumb bit and all. */
    record Unwound(Registers registers, OptionalLong returnAddress, boolean outermost) {}

    /**
     * Applies a row.
     *
     * @throws FormatException when the canonical frame address cannot be computed
     */
    static Unwound apply(AddressSpace space, UnwindRow row, Registers callee, Limits limits) {
        return new CallFrameStep(space, row, callee, limits).apply();
    }

    /**
     * The canonical frame address alone.
     *
     * @throws FormatException when it cannot be computed
     */
    static long cfa(AddressSpace space, UnwindRow row, Registers registers, Limits limits) {
        return new CallFrameStep(space, row, registers, limits).cfa();
    }

    private Unwound apply() {
        var architecture = space.architecture();
        long cfa = cfa();
        var caller = Registers.none(architecture);
        for (int register = 0; register < architecture.registerNames().size(); register++) {
            if (row.rules().containsKey(register) || architecture.isCalleeSaved(register)) {
                var value = value(register, cfa);
                if (value.isPresent()) {
                    caller = caller.with(register, value.getAsLong());
                }
            }
        }
        var returnAddress = value(row.returnAddressRegister(), cfa);
        boolean outermost = row.isOutermost();
        if (!row.rules().containsKey(architecture.stackPointer())) {
            caller = caller.with(architecture.stackPointer(), cfa); // the CFA is the caller's sp at the call
        }
        // The call itself overwrote the caller's link register: what it was before only the caller's own row can say.
        // What a signal interrupted did not call.
        var complete = row.signalFrame() ? caller : caller.without(architecture.linkRegister());
        return new Unwound(complete, returnAddress, outermost);
    }

    private long cfa() {
        long cfa = switch (row.cfa()) {
            case CfaRule.RegisterOffset(int register, long offset) ->
                callee.get(register)
                                .orElseThrow(() -> new FormatException("the canonical frame address is based on"
                                        + " register %d, whose value is not known".formatted(register)))
                        + offset;
            case CfaRule.Expression(var expression) -> ExpressionEvaluator.evaluate(expression, space, callee, limits);
        };
        return word(cfa);
    }

    private OptionalLong value(int register, long cfa) {
        var rule = row.rules().get(register);
        if (rule == null) {
            return callee.get(register);
        }
        try {
            return switch (rule) { // DWARF 5, 6.4.1
                case RegisterRule.Undefined() -> OptionalLong.empty();
                case RegisterRule.SameValue() -> callee.get(register);
                case RegisterRule.SavedAt(long offset) -> space.word(word(cfa + offset));
                case RegisterRule.ValueOf(long offset) -> OptionalLong.of(word(cfa + offset));
                case RegisterRule.InRegister(int other) -> callee.get(other);
                case RegisterRule.SavedAtExpression(var expression) ->
                    space.word(ExpressionEvaluator.evaluate(expression, space, callee, limits, cfa));
                case RegisterRule.ValueOfExpression(var expression) ->
                    OptionalLong.of(ExpressionEvaluator.evaluate(expression, space, callee, limits, cfa));
            };
        } catch (FormatException e) {
            return OptionalLong.empty(); // one register less; the walk goes on if it can do without
        }
    }

    private long word(long value) {
        return space.architecture().wordBytes() == 8 ? value : value & 0xffff_ffffL;
    }
}
