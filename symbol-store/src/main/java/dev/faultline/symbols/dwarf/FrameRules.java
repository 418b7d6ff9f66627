package dev.faultline.symbols.dwarf;

import java.util.Arrays;

/**
 * The rules that hold at one address, in columns of numbers by ascending register: what call frame instructions change
 * one after the other. Expressions are places in the section that has them.
 */
final class FrameRules {
    /** No ABI numbers more registers that a call may have to keep; x86-64 saves 6, PowerPC some 60. */
    static final int MOST = 256;

    static final int UNDEFINED = 0;
    static final int SAME_VALUE = 1;
    static final int SAVED_AT = 2;
    static final int VALUE_OF = 3;
    static final int IN_REGISTER = 4;
    static final int SAVED_AT_EXPRESSION = 5;
    static final int VALUE_OF_EXPRESSION = 6;

    /** What the canonical frame address is made of. */
    enum Cfa {
        /** No instruction has said it yet. */
        UNKNOWN,
        REGISTER_OFFSET,
        EXPRESSION
    }

    private Cfa cfa = Cfa.UNKNOWN;
    private long cfaRegisterOrPlace;
    private long cfaOffsetOrLength;
    private int signing;
    private int count;
    private int[] registers = new int[16];
    private byte[] kinds = new byte[16];
    private long[] operands = new long[16];
    private int[] lengths = new int[16];

    Cfa cfa() {
        return cfa;
    }

    long cfaRegister() {
        return cfaRegisterOrPlace;
    }

    long cfaOffset() {
        return cfaOffsetOrLength;
    }

    long cfaExpressionAt() {
        return cfaRegisterOrPlace;
    }

    int cfaExpressionLength() {
        return (int) cfaOffsetOrLength;
    }

    void cfa(long register, long offset) {
        cfa = Cfa.REGISTER_OFFSET;
        cfaRegisterOrPlace = register;
        cfaOffsetOrLength = offset;
    }

    void cfaExpression(long place, int length) {
        cfa = Cfa.EXPRESSION;
        cfaRegisterOrPlace = place;
        cfaOffsetOrLength = length;
    }

    /** RA_SIGN_STATE of AADWARF64: with what the return address is signed. */
    int signing() {
        return signing;
    }

    void signing(int state) {
        signing = state;
    }

    int count() {
        return count;
    }

    int register(int index) {
        return registers[index];
    }

    int kind(int index) {
        return kinds[index];
    }

    /** An offset, a register, or where the expression is. */
    long operand(int index) {
        return operands[index];
    }

    /** Bytes of the expression. */
    int length(int index) {
        return lengths[index];
    }

    void clear() {
        cfa = Cfa.UNKNOWN;
        signing = 0;
        count = 0;
    }

    void copyFrom(FrameRules other) {
        if (registers.length < other.count) {
            grow(other.registers.length);
        }
        cfa = other.cfa;
        cfaRegisterOrPlace = other.cfaRegisterOrPlace;
        cfaOffsetOrLength = other.cfaOffsetOrLength;
        signing = other.signing;
        count = other.count;
        System.arraycopy(other.registers, 0, registers, 0, count);
        System.arraycopy(other.kinds, 0, kinds, 0, count);
        System.arraycopy(other.operands, 0, operands, 0, count);
        System.arraycopy(other.lengths, 0, lengths, 0, count);
    }

    /** False where there are too many rules already. */
    boolean set(int register, int kind, long operand, int length) {
        int index = indexOf(register);
        if (index < 0) {
            index = -1 - index;
            if (count == MOST) {
                return false;
            }
            if (count == registers.length) {
                grow(count * 2);
            }
            System.arraycopy(registers, index, registers, index + 1, count - index);
            System.arraycopy(kinds, index, kinds, index + 1, count - index);
            System.arraycopy(operands, index, operands, index + 1, count - index);
            System.arraycopy(lengths, index, lengths, index + 1, count - index);
            count++;
            registers[index] = register;
        }
        kinds[index] = (byte) kind;
        operands[index] = operand;
        lengths[index] = length;
        return true;
    }

    /** Gives a register the rule it has in {@code initial}, or none. */
    boolean restore(int register, FrameRules initial) {
        int from = initial.indexOf(register);
        if (from >= 0) {
            return set(register, initial.kinds[from], initial.operands[from], initial.lengths[from]);
        }
        int index = indexOf(register);
        if (index >= 0) {
            count--;
            System.arraycopy(registers, index + 1, registers, index, count - index);
            System.arraycopy(kinds, index + 1, kinds, index, count - index);
            System.arraycopy(operands, index + 1, operands, index, count - index);
            System.arraycopy(lengths, index + 1, lengths, index, count - index);
        }
        return true;
    }

    /** Where a register is, or minus one minus where it belongs: from the end, because prologues save upwards. */
    private int indexOf(int register) {
        int index = count - 1;
        while (index >= 0 && registers[index] > register) {
            index--;
        }
        return index >= 0 && registers[index] == register ? index : -2 - index;
    }

    private void grow(int size) {
        registers = Arrays.copyOf(registers, size);
        kinds = Arrays.copyOf(kinds, size);
        operands = Arrays.copyOf(operands, size);
        lengths = Arrays.copyOf(lengths, size);
    }
}
