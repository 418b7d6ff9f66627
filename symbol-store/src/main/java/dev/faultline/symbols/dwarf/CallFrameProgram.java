package dev.faultline.symbols.dwarf;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.Limits;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Runs call frame instructions (DWARF 5, 6.4.2) and emits a row for every range of addresses they tell apart. */
final class CallFrameProgram {
    private static final int MOST_REMEMBERED = 64;
    private static final int MOST_REGISTERS = 1 << 16;
    private static final int MOST_RULES = 1 << 10;

    private final CommonInformationEntry cie;
    private final Limits limits;
    private final CallFrameInformation.Rows rows;
    private final Deque<State> remembered = new ArrayDeque<>();
    private State initial = new State(null, Map.of());
    private @Nullable CfaRule cfa;
    private Map<Integer, RegisterRule> rules = new HashMap<>();
    private long regionAddress;
    private long location;
    private long end;

    CallFrameProgram(CommonInformationEntry cie, Limits limits, CallFrameInformation.Rows rows) {
        this.cie = cie;
        this.limits = limits;
        this.rows = rows;
    }

    private record State(@Nullable CfaRule cfa, Map<Integer, RegisterRule> rules) {}

    /**
     * Runs the initial instructions, then those of one frame description entry, which is for {@code start} up to but
     * without {@code end}.
     */
    void run(ByteReader instructions, long instructionsAddress, long start, long end) {
        this.location = start;
        this.end = end;
        regionAddress = cie.address();
        var initialInstructions = cie.instructions().copy().seek(0);
        while (initialInstructions.hasRemaining()) {
            step(initialInstructions);
        }
        initial = new State(cfa, Map.copyOf(rules));
        regionAddress = instructionsAddress;
        while (instructions.hasRemaining()) {
            step(instructions);
        }
        emitUpTo(end);
    }

    private void step(ByteReader in) {
        int opcode = in.u8();
        int operand = opcode & 0x3f;
        switch (opcode >> 6) {
            case 1 -> advance(in, operand * cie.codeAlignment());
            case 2 -> rule(in, operand, new RegisterRule.SavedAt(in.uleb() * cie.dataAlignment()));
            case 3 -> restore(operand);
            default -> extended(in, opcode);
        }
    }

    private void extended(ByteReader in, int opcode) {
        switch (opcode) {
            case 0x00 -> {} // DW_CFA_nop
            case 0x01 -> moveTo(in, cie.pointers().read(in, regionAddress));
            case 0x02 -> advance(in, in.u8() * cie.codeAlignment());
            case 0x03 -> advance(in, in.u16() * cie.codeAlignment());
            case 0x04 -> advance(in, in.u32() * cie.codeAlignment());
            case 0x05 -> rule(in, register(in), new RegisterRule.SavedAt(in.uleb() * cie.dataAlignment()));
            case 0x06 -> restore(register(in));
            case 0x07 -> rule(in, register(in), new RegisterRule.Undefined());
            case 0x08 -> rule(in, register(in), new RegisterRule.SameValue());
            case 0x09 -> rule(in, register(in), new RegisterRule.InRegister(register(in)));
            case 0x0a -> remember(in);
            case 0x0b -> recall(in);
            case 0x0c -> cfa = new CfaRule.RegisterOffset(register(in), in.uleb());
            case 0x0d -> cfa = new CfaRule.RegisterOffset(register(in), cfaOffset(in));
            case 0x0e -> cfa = new CfaRule.RegisterOffset(cfaRegister(in), in.uleb());
            case 0x0f -> cfa = new CfaRule.Expression(expression(in));
            case 0x10 -> rule(in, register(in), new RegisterRule.SavedAtExpression(expression(in)));
            case 0x11 -> rule(in, register(in), new RegisterRule.SavedAt(in.sleb() * cie.dataAlignment()));
            case 0x12 -> cfa = new CfaRule.RegisterOffset(register(in), in.sleb() * cie.dataAlignment());
            case 0x13 -> cfa = new CfaRule.RegisterOffset(cfaRegister(in), in.sleb() * cie.dataAlignment());
            case 0x14 -> rule(in, register(in), new RegisterRule.ValueOf(in.uleb() * cie.dataAlignment()));
            case 0x15 -> rule(in, register(in), new RegisterRule.ValueOf(in.sleb() * cie.dataAlignment()));
            case 0x16 -> rule(in, register(in), new RegisterRule.ValueOfExpression(expression(in)));
            case 0x2d -> {} // DW_CFA_AARCH64_negate_ra_state: says whether the saved address is signed, not where it is
            case 0x2e -> in.uleb(); // DW_CFA_GNU_args_size: for throwing, not for unwinding
            case 0x2f -> rule(in, register(in), new RegisterRule.SavedAt(-in.uleb() * cie.dataAlignment()));
            default -> throw in.error("call frame instruction 0x%x", opcode);
        }
    }

    private void advance(ByteReader in, long delta) {
        moveTo(in, location + delta);
    }

    private void moveTo(ByteReader in, long next) {
        if (Long.compareUnsigned(next, location) < 0 || Long.compareUnsigned(next, end) > 0) {
            throw in.error("location 0x%x outside of 0x%x to 0x%x", next, location, end);
        }
        emitUpTo(next);
        location = next;
    }

    private void emitUpTo(long next) {
        if (cfa != null && next != location) {
            rows.row(location, next, new UnwindRow(cfa, rules, cie.returnAddressRegister(), cie.signalFrame()));
        }
    }

    private void rule(ByteReader in, int register, RegisterRule rule) {
        rules.put(register, rule);
        Limits.checkCount(in, "number of rules", rules.size(), MOST_RULES);
    }

    private void restore(int register) {
        RegisterRule rule = initial.rules().get(register);
        if (rule == null) {
            rules.remove(register);
        } else {
            rules.put(register, rule);
        }
    }

    private void remember(ByteReader in) {
        Limits.checkCount(in, "number of remembered states", remembered.size() + 1L, MOST_REMEMBERED);
        remembered.push(new State(cfa, Map.copyOf(rules)));
    }

    /** The standard speaks of register rules only; every producer means the canonical frame address as well. */
    private void recall(ByteReader in) {
        if (remembered.isEmpty()) {
            throw in.error("no state to restore");
        }
        State state = remembered.pop();
        cfa = state.cfa();
        rules = new HashMap<>(state.rules());
    }

    private long cfaOffset(ByteReader in) {
        return currentCfa(in).offset();
    }

    private int cfaRegister(ByteReader in) {
        return currentCfa(in).register();
    }

    private CfaRule.RegisterOffset currentCfa(ByteReader in) {
        if (cfa instanceof CfaRule.RegisterOffset current) {
            return current;
        }
        throw in.error("the canonical frame address is not a register and an offset yet");
    }

    private DwarfExpression expression(ByteReader in) {
        int length = Limits.checkCount(in, "length of an expression", in.uleb(), limits.stringBytes());
        return new DwarfExpression(in.bytes(length));
    }

    private static int register(ByteReader in) {
        return Limits.checkCount(in, "register", in.uleb(), MOST_REGISTERS);
    }
}
