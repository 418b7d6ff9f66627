package dev.faultline.symbols.dwarf;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.Limits;
import java.util.Arrays;

/**
 * Runs call frame instructions (DWARF 5, 6.4.2) and keeps a row for every range of addresses they tell apart. One program
 * serves all entries of a section, so that rows cost no objects.
 */
final class CallFrameProgram {
    private static final int MOST_REMEMBERED = 64;
    private static final int MOST_REGISTERS = 1 << 16;
    private static final int EM_SPARC = 2;
    private static final int EM_SPARC32PLUS = 18;
    private static final int EM_AARCH64 = 183;
    private static final int EM_SPARCV9 = 43;

    /** States of RA_SIGN_STATE, as {@link UnwindRow.Signing} orders them. */
    private static final int SIGNED_WITH_SP = 1;

    private static final int SIGNED_WITH_SP_AND_PC = 2;

    private final CallFrameSection section;
    private final Limits limits;
    private final UnwindRules dictionary;
    private final FrameRules rules = new FrameRules();
    private final FrameRules[] remembered = new FrameRules[MOST_REMEMBERED];
    private int depth;
    private boolean initialising;

    /** The number of {@link #rules}; NONE where it is not known yet. */
    private int ruleNumber;

    private long[] starts = new long[64];
    private int[] ruleNumbers = new int[64];
    private int count;
    private long start;
    private long location;
    private long end;

    /** Where the instructions that run are in the section. */
    private long instructionsAt;

    CallFrameProgram(CallFrameSection section, Limits limits, UnwindRules dictionary) {
        this.section = section;
        this.limits = limits;
        this.dictionary = dictionary;
    }

    /** Runs the initial instructions. */
    void initialise(CommonInformationEntry cie) {
        initialising = true;
        rules.clear();
        ruleNumber = UnwindRules.NONE;
        depth = 0;
        instructionsAt = cie.instructionsAt();
        var in = cie.instructions();
        while (in.hasRemaining()) {
            step(in, cie);
        }
        cie.initial().copyFrom(rules);
    }

    /**
     * Runs the instructions of one frame description entry, which is for {@code start} up to but without {@code end}; the
     * rows are there until the next run.
     */
    void run(CommonInformationEntry cie, ByteReader instructions, long at, long start, long end) {
        initialising = false;
        rules.copyFrom(cie.initial());
        ruleNumber = UnwindRules.NONE;
        depth = 0;
        count = 0;
        this.start = start;
        this.location = start;
        this.end = end;
        instructionsAt = at;
        while (instructions.hasRemaining()) {
            step(instructions, cie);
        }
        endRow(cie, end);
    }

    /** How many rows the last run gave; some of them may be {@link UnwindRules#NONE}. */
    int count() {
        return count;
    }

    long start(int row) {
        return starts[row];
    }

    long end(int row) {
        return row + 1 == count ? end : starts[row + 1];
    }

    int rule(int row) {
        return ruleNumbers[row];
    }

    private void step(ByteReader in, CommonInformationEntry cie) {
        int opcode = in.u8();
        int operand = opcode & 0x3f;
        switch (opcode >> 6) {
            case 1 -> advance(in, cie, operand);
            case 2 -> rule(in, operand, FrameRules.SAVED_AT, in.uleb() * cie.dataAlignment());
            case 3 -> restore(in, cie, operand);
            default -> extended(in, cie, opcode);
        }
    }

    private void extended(ByteReader in, CommonInformationEntry cie, int opcode) {
        long factor = cie.dataAlignment();
        switch (opcode) {
            case 0x00 -> {} // DW_CFA_nop
            case 0x01 -> setLocation(in, cie);
            case 0x02 -> advance(in, cie, in.u8());
            case 0x03 -> advance(in, cie, in.u16());
            case 0x04 -> advance(in, cie, in.u32());
            case 0x05 -> rule(in, register(in), FrameRules.SAVED_AT, in.uleb() * factor);
            case 0x06 -> restore(in, cie, register(in));
            case 0x07 -> rule(in, register(in), FrameRules.UNDEFINED, 0);
            case 0x08 -> rule(in, register(in), FrameRules.SAME_VALUE, 0);
            case 0x09 -> rule(in, register(in), FrameRules.IN_REGISTER, register(in));
            case 0x0a -> remember(in);
            case 0x0b -> recall(in);
            case 0x0c -> cfa(register(in), in.uleb());
            case 0x0d -> cfa(register(in), cfaOffset(in));
            case 0x0e -> cfa(cfaRegister(in), in.uleb());
            case 0x0f -> cfaExpression(in);
            case 0x10 -> expression(in, FrameRules.SAVED_AT_EXPRESSION);
            case 0x11 -> rule(in, register(in), FrameRules.SAVED_AT, in.sleb() * factor);
            case 0x12 -> cfa(register(in), in.sleb() * factor);
            case 0x13 -> cfa(cfaRegister(in), in.sleb() * factor);
            case 0x14 -> rule(in, register(in), FrameRules.VALUE_OF, in.uleb() * factor);
            case 0x15 -> rule(in, register(in), FrameRules.VALUE_OF, in.sleb() * factor);
            case 0x16 -> expression(in, FrameRules.VALUE_OF_EXPRESSION);
            case 0x1d -> advance(in, cie, in.u64()); // DW_CFA_MIPS_advance_loc8
            case 0x2b, 0x2c, 0x2d -> processorSpecific(in, opcode);
            case 0x2e -> in.uleb(); // DW_CFA_GNU_args_size: for throwing, not for unwinding
            case 0x2f -> rule(in, register(in), FrameRules.SAVED_AT, -in.uleb() * factor);
            default -> throw in.error("call frame instruction 0x%x", opcode);
        }
    }

    /** 0x2d is DW_CFA_GNU_window_save for SPARC and DW_CFA_AARCH64_negate_ra_state for AArch64. */
    private void processorSpecific(ByteReader in, int opcode) {
        switch (section.machine()) {
            case EM_AARCH64 -> sign(in, opcode);
            case EM_SPARC, EM_SPARC32PLUS, EM_SPARCV9 -> {
                if (opcode != 0x2d) {
                    throw in.error("call frame instruction 0x%x", opcode);
                }
                saveWindow(in);
            }
            default -> throw in.error("call frame instruction 0x%x of another processor", opcode);
        }
    }

    /** AADWARF64 4.2: toggles between unsigned and one way of signing; or sets the state, with where it was signed. */
    private void sign(ByteReader in, int opcode) {
        int before = rules.signing();
        long after = switch (opcode) {
            case 0x2b -> in.uleb();
            case 0x2c -> before == 0 ? SIGNED_WITH_SP_AND_PC : before - SIGNED_WITH_SP_AND_PC;
            default -> before == 0 ? SIGNED_WITH_SP : before - SIGNED_WITH_SP;
        };
        boolean otherWay = opcode != 0x2b && after != 0 && before != 0;
        if (after < 0 || after > SIGNED_WITH_SP_AND_PC || otherWay) {
            throw in.error("signing %d of the return address after %d", after, before);
        }
        if (opcode == 0x2b) {
            in.sleb(); // where the signing instruction is, for checking the signature
        }
        rules.signing((int) after);
        changed();
    }

    /** The caller's out registers are the callee's in registers; its own windowed ones are at the CFA, ascending. */
    private void saveWindow(ByteReader in) {
        for (int register = 8; register < 16; register++) {
            rule(in, register, FrameRules.IN_REGISTER, register + 16L);
        }
        for (int register = 16; register < 32; register++) {
            rule(in, register, FrameRules.SAVED_AT, (register - 16L) * section.addressSize());
        }
    }

    private void setLocation(ByteReader in, CommonInformationEntry cie) {
        moveTo(in, cie, cie.pointers().read(in, section, section.address() + instructionsAt, start));
    }

    private void advance(ByteReader in, CommonInformationEntry cie, long delta) {
        moveTo(in, cie, location + delta * cie.codeAlignment());
    }

    private void moveTo(ByteReader in, CommonInformationEntry cie, long next) {
        if (initialising) {
            throw in.error("initial instructions that move the location");
        }
        if (Long.compareUnsigned(next, location) < 0 || Long.compareUnsigned(next, end) > 0) {
            throw in.error("location 0x%x outside of 0x%x to 0x%x", next, location, end);
        }
        endRow(cie, next);
        location = next;
    }

    private void endRow(CommonInformationEntry cie, long next) {
        if (next == location) {
            return;
        }
        if (ruleNumber == UnwindRules.NONE && rules.cfa() != FrameRules.Cfa.UNKNOWN) {
            ruleNumber = dictionary.number(
                    rules,
                    cie.returnAddressRegister(),
                    cie.signalFrame(),
                    UnwindRow.Origin.CALL_FRAME_INFORMATION,
                    section.bytes().segment());
        }
        if (count > 0 && ruleNumbers[count - 1] == ruleNumber) {
            return;
        }
        if (count == limits.unwindRows()) {
            throw section.bytes().error("one function with more than %d rows", count);
        }
        if (count == starts.length) {
            starts = Arrays.copyOf(starts, count * 2);
            ruleNumbers = Arrays.copyOf(ruleNumbers, count * 2);
        }
        starts[count] = location;
        ruleNumbers[count++] = ruleNumber;
    }

    private void rule(ByteReader in, int register, int kind, long operand) {
        rule(in, register, kind, operand, 0);
    }

    private void rule(ByteReader in, int register, int kind, long operand, int length) {
        if (!rules.set(register, kind, operand, length)) {
            throw in.error("more than %d rules at once", FrameRules.MOST);
        }
        changed();
    }

    private void restore(ByteReader in, CommonInformationEntry cie, int register) {
        if (initialising) {
            throw in.error("initial instructions that restore what they are to say");
        }
        if (!rules.restore(register, cie.initial())) {
            throw in.error("more than %d rules at once", FrameRules.MOST);
        }
        changed();
    }

    private void remember(ByteReader in) {
        Limits.checkCount(in, "number of remembered states", depth + 1L, MOST_REMEMBERED);
        if (remembered[depth] == null) {
            remembered[depth] = new FrameRules();
        }
        remembered[depth++].copyFrom(rules);
    }

    /** The standard speaks of register rules only; every producer means the canonical frame address as well. */
    private void recall(ByteReader in) {
        if (depth == 0) {
            throw in.error("no state to restore");
        }
        rules.copyFrom(remembered[--depth]);
        changed();
    }

    private void cfa(long register, long offset) {
        rules.cfa(register, offset);
        changed();
    }

    private void cfaExpression(ByteReader in) {
        int length = Limits.checkCount(in, "length of an expression", in.uleb(), limits.stringBytes());
        rules.cfaExpression(instructionsAt + in.position(), length);
        in.skip(length);
        changed();
    }

    private void expression(ByteReader in, int kind) {
        int register = register(in);
        int length = Limits.checkCount(in, "length of an expression", in.uleb(), limits.stringBytes());
        rule(in, register, kind, instructionsAt + in.position(), length);
        in.skip(length);
    }

    /** RISC-V assemblers begin with a register alone: with the offset 0. */
    private long cfaOffset(ByteReader in) {
        if (rules.cfa() == FrameRules.Cfa.UNKNOWN) {
            return 0;
        }
        needRegisterOffset(in);
        return rules.cfaOffset();
    }

    private long cfaRegister(ByteReader in) {
        needRegisterOffset(in);
        return rules.cfaRegister();
    }

    private void needRegisterOffset(ByteReader in) {
        if (rules.cfa() != FrameRules.Cfa.REGISTER_OFFSET) {
            throw in.error("the canonical frame address is not a register and an offset yet");
        }
    }

    private void changed() {
        ruleNumber = UnwindRules.NONE;
    }

    private static int register(ByteReader in) {
        return Limits.checkCount(in, "register", in.uleb(), MOST_REGISTERS);
    }
}
