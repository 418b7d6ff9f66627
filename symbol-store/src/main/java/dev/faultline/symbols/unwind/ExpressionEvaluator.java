package dev.faultline.symbols.unwind;

import dev.faultline.symbols.arch.Registers;
import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.dwarf.DwarfExpression;
import java.util.OptionalLong;

/**
 * Evaluates a DWARF expression of call frame information (DWARF 5, 2.5 and 6.4.2): integers of the size of an address,
 * no types, no locations but memory.
 */
final class ExpressionEvaluator {
    /** Most values on the stack. */
    static final int MOST_VALUES = 256;

    private final AddressSpace space;
    private final Registers registers;
    private final ByteReader in;
    private final long mask;
    private final int mostSteps;
    private final long[] stack = new long[MOST_VALUES];
    private int depth;

    private ExpressionEvaluator(DwarfExpression expression, AddressSpace space, Registers registers, int mostSteps) {
        var architecture = space.architecture();
        this.space = space;
        this.registers = registers;
        this.mostSteps = mostSteps;
        this.in = expression.reader(architecture.byteOrder());
        this.mask = architecture.wordBytes() == 8 ? -1L : (1L << (8 * architecture.wordBytes())) - 1;
    }

    /**
     * The value on top of the stack at the end.
     *
     * @param limits most operations: a loop through DW_OP_bra or DW_OP_skip ends there
     */
    static long evaluate(DwarfExpression expression, AddressSpace space, Registers registers, Limits limits) {
        return new ExpressionEvaluator(expression, space, registers, limits.expressionSteps())
                .run(OptionalLong.empty());
    }

    /**
     * As {@link #evaluate(DwarfExpression, AddressSpace, Registers, Limits)}, with the canonical frame address pushed
     * first, as DW_CFA_expression and DW_CFA_val_expression want it.
     *
     * @throws FormatException for an operation that has no meaning here, or whose register or memory is not known
     */
    static long evaluate(DwarfExpression expression, AddressSpace space, Registers registers, Limits limits, long cfa) {
        return new ExpressionEvaluator(expression, space, registers, limits.expressionSteps())
                .run(OptionalLong.of(cfa));
    }

    private long run(OptionalLong initial) {
        if (initial.isPresent()) {
            push(initial.getAsLong());
        }
        for (int steps = 0; in.hasRemaining(); steps++) {
            if (steps == mostSteps) {
                throw in.error("more than %d operations", mostSteps);
            }
            operation(in.u8());
        }
        return pop();
    }

    private void operation(int code) {
        if (code >= 0x30 && code <= 0x4f) { // DW_OP_lit0 … 31
            push(code - 0x30);
            return;
        }
        if (code >= 0x70 && code <= 0x8f) { // DW_OP_breg0 … 31
            push(register(code - 0x70) + in.sleb());
            return;
        }
        switch (code) {
            case 0x03 -> push(in.unsigned(space.architecture().wordBytes())); // DW_OP_addr
            case 0x06 -> push(load(pop(), space.architecture().wordBytes())); // DW_OP_deref
            case 0x08 -> push(in.u8());
            case 0x09 -> push(in.i8());
            case 0x0a -> push(in.u16());
            case 0x0b -> push((short) in.u16());
            case 0x0c -> push(in.u32());
            case 0x0d -> push(in.i32());
            case 0x0e, 0x0f -> push(in.u64());
            case 0x10 -> push(in.uleb());
            case 0x11 -> push(in.sleb());
            case 0x12 -> push(peek(0)); // DW_OP_dup
            case 0x13 -> pop(); // DW_OP_drop
            case 0x14 -> push(peek(1)); // DW_OP_over
            case 0x15 -> push(peek(in.u8())); // DW_OP_pick
            case 0x16 -> swap();
            case 0x17 -> rotate();
            case 0x19 -> push(Math.abs(signed(pop())));
            case 0x1f -> push(-signed(pop()));
            case 0x20 -> push(~pop());
            case 0x23 -> push(pop() + in.uleb()); // DW_OP_plus_uconst
            case 0x1a, 0x1b, 0x1c, 0x1d, 0x1e, 0x21, 0x22, 0x24, 0x25, 0x26, 0x27 -> arithmetic(code);
            case 0x28 -> { // DW_OP_bra
                int offset = (short) in.u16();
                if (pop() != 0) {
                    in.seek(in.position() + offset);
                }
            }
            case 0x29, 0x2a, 0x2b, 0x2c, 0x2d, 0x2e -> compare(code);
            case 0x2f -> { // DW_OP_skip
                int offset = (short) in.u16();
                in.seek(in.position() + offset);
            }
            case 0x92 -> { // DW_OP_bregx
                long register = in.uleb();
                push(register((int) Math.clamp(register, -1, Integer.MAX_VALUE)) + in.sleb());
            }
            case 0x94 -> { // DW_OP_deref_size
                int size = in.u8();
                if (size < 1 || size > space.architecture().wordBytes()) {
                    throw in.error("DW_OP_deref_size of %d bytes", size);
                }
                push(load(pop(), size));
            }
            case 0x96 -> {} // DW_OP_nop
            default -> throw in.error("operation 0x%02x has no meaning in call frame information", code);
        }
    }

    private void arithmetic(int code) {
        long second = pop();
        long first = pop();
        if ((code == 0x1b || code == 0x1d) && second == 0) {
            throw in.error("division by zero");
        }
        boolean shiftsOut =
                Long.compareUnsigned(second, 8L * space.architecture().wordBytes()) >= 0;
        push(
                switch (code) {
                    case 0x1a -> first & second;
                    case 0x1b -> signed(first) / signed(second);
                    case 0x1c -> first - second;
                    case 0x1d -> Long.remainderUnsigned(first, second);
                    case 0x1e -> first * second;
                    case 0x21 -> first | second;
                    case 0x22 -> first + second;
                    case 0x24 -> shiftsOut ? 0 : first << second;
                    case 0x25 -> shiftsOut ? 0 : first >>> second;
                    case 0x26 -> signed(first) >> (shiftsOut ? 63 : second);
                    default -> first ^ second; // 0x27
                });
    }

    private void compare(int code) {
        long second = signed(pop());
        long first = signed(pop());
        boolean holds = switch (code) {
            case 0x29 -> first == second;
            case 0x2a -> first >= second;
            case 0x2b -> first > second;
            case 0x2c -> first <= second;
            case 0x2d -> first < second;
            default -> first != second; // 0x2e
        };
        push(holds ? 1 : 0);
    }

    private long register(int number) {
        return registers.get(number).orElseThrow(() -> in.error("the value of register %d is not known", number));
    }

    private long load(long address, int size) {
        return space.unsigned(address, size)
                .orElseThrow(() -> in.error("the %d bytes at 0x%08x were not captured", size, address));
    }

    private void swap() {
        long top = pop();
        long second = pop();
        push(top);
        push(second);
    }

    /** The top goes third. */
    private void rotate() {
        long top = pop();
        long second = pop();
        long third = pop();
        push(top);
        push(third);
        push(second);
    }

    private void push(long value) {
        if (depth == MOST_VALUES) {
            throw in.error("more than %d values on the stack", MOST_VALUES);
        }
        stack[depth++] = value & mask;
    }

    private long pop() {
        long value = peek(0);
        depth--;
        return value;
    }

    private long peek(int below) {
        if (below >= depth) {
            throw in.error("the stack has %d values, not %d", depth, below + 1);
        }
        return stack[depth - 1 - below];
    }

    private long signed(long value) {
        int unused = 64 - 8 * space.architecture().wordBytes();
        return value << unused >> unused;
    }
}
