package dev.faultline.symbols.unwind;

import dev.faultline.symbols.arch.FloatRegister;
import dev.faultline.symbols.arch.Registers;
import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.coredump.Memory;
import dev.faultline.symbols.dwarf.CfaRule;
import dev.faultline.symbols.dwarf.RegisterRule;
import dev.faultline.symbols.dwarf.UnwindRow;
import java.util.Optional;
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
        var step = new CallFrameStep(space, row, callee, limits);
        long cfa = step.cfa();
        return step.apply(cfa, step.floats(cfa));
    }

    /**
     * Applies a row without floating-point registers, for who asks only where the stack goes on.
     *
     * @throws FormatException when the canonical frame address cannot be computed
     */
    static Unwound words(AddressSpace space, UnwindRow row, Registers callee, Limits limits) {
        var step = new CallFrameStep(space, row, callee, limits);
        return step.apply(step.cfa(), Registers.none(space.architecture()));
    }

    /**
     * The canonical frame address alone.
     *
     * @throws FormatException when it cannot be computed
     */
    static long cfa(AddressSpace space, UnwindRow row, Registers registers, Limits limits) {
        return new CallFrameStep(space, row, registers, limits).cfa();
    }

    private Unwound apply(long cfa, Registers floats) {
        var architecture = space.architecture();
        var caller = floats;
        for (int register = 0; register < architecture.registerNames().size(); register++) {
            boolean isNamed = register < architecture.debugRegisters(); // else the rule is of another one
            if ((isNamed && row.rules().containsKey(register)) || architecture.isCalleeSaved(register)) {
                var value = isNamed ? value(register, cfa) : callee.get(register);
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

    /**
     * Nothing but floating-point registers: those that the row restores, and those that a call keeps. A signal may come
     * anywhere, and its frame has what was in them in a place that rows do not describe.
     */
    private Registers floats(long cfa) {
        var architecture = space.architecture();
        var none = Registers.none(architecture);
        var caller = row.signalFrame() ? none : none.withFloatsKeptBy(callee, architecture.floats());
        for (var rule : row.rules().entrySet()) {
            var register = architecture.floats().register(rule.getKey());
            if (register.isPresent()) {
                var saved = saved(register.get(), rule.getValue(), cfa);
                var other = caller.without(register.get());
                caller = saved.isPresent() ? other.with(register.get(), saved.get()) : other;
            }
        }
        return caller;
    }

    private Optional<byte[]> saved(FloatRegister register, RegisterRule rule, long cfa) {
        int size = register.saved();
        try {
            return switch (rule) {
                case RegisterRule.Undefined() -> Optional.empty();
                case RegisterRule.SameValue() -> callee.bytes(register, size);
                case RegisterRule.SavedAt(long offset) -> space.bytes(word(cfa + offset), size);
                case RegisterRule.SavedAtExpression(var expression) ->
                    space.bytes(ExpressionEvaluator.evaluate(expression, space, callee, limits, cfa), size);
                case RegisterRule.InRegister(int other) ->
                    space.architecture().floats().register(other).flatMap(one -> callee.bytes(one, size));
                case RegisterRule.ValueOf(long offset) -> Optional.empty(); // an address is no such value
                case RegisterRule.ValueOfExpression(var expression) -> Optional.empty();
            };
        } catch (FormatException e) {
            return Optional.empty(); // as for a word: one register less
        }
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
                case RegisterRule.InRegister(int other) -> inRegister(other);
                case RegisterRule.SavedAtExpression(var expression) ->
                    space.word(ExpressionEvaluator.evaluate(expression, space, callee, limits, cfa));
                case RegisterRule.ValueOfExpression(var expression) ->
                    OptionalLong.of(ExpressionEvaluator.evaluate(expression, space, callee, limits, cfa));
            };
        } catch (FormatException e) {
            return OptionalLong.empty(); // one register less; the walk goes on if it can do without
        }
    }

    /** A word that a leaf may keep in a floating-point register, as GCC does on AArch64. */
    private OptionalLong inRegister(int number) {
        var architecture = space.architecture();
        var floating = architecture.floats().register(number);
        if (floating.isEmpty()) {
            return callee.get(number);
        }
        var bytes = callee.bytes(floating.get(), architecture.wordBytes());
        return bytes.isPresent()
                ? OptionalLong.of(Memory.unsigned(bytes.get(), architecture.byteOrder()))
                : OptionalLong.empty();
    }

    private long word(long value) {
        return space.architecture().wordBytes() == 8 ? value : value & 0xffff_ffffL;
    }
}
