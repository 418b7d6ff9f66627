package dev.faultline.symbols.variables;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.coredump.Memory;
import dev.faultline.symbols.dwarf.DwarfNames;
import dev.faultline.symbols.dwarf.Unit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates a DWARF expression of a location or a value (DWARF 5, 2.5 and 2.6) with typed operands and pieces; also the
 * operations that GNU had before DWARF 5.
 */
final class LocationEvaluator {
    /** Most values on the stack, and most pieces. */
    private static final int MOST_VALUES = 256;

    /** An expression that calls others, which call others. */
    private static final int MOST_CALLS = 16;

    private final EvaluationContext context;
    private final Unit unit;
    private final int wordBytes;
    private final int mostSteps;
    private final Operand[] stack = new Operand[MOST_VALUES];
    private final List<Location.Piece> pieces = new ArrayList<>();
    private int depth;
    private int steps;
    private int calls;

    /** What the operations so far name, if that is no address on the stack. */
    private @Nullable Location named;

    private LocationEvaluator(EvaluationContext context, Unit unit) {
        this.context = context;
        this.unit = unit;
        this.wordBytes = context.wordBytes();
        this.mostSteps = context.limits().expressionSteps();
    }

    /**
     * The location that an expression of a unit describes; without an operation, nowhere.
     *
     * @throws NoValue where something that it needs is not known
     */
    static Location location(byte[] expression, Unit unit, EvaluationContext context) {
        var evaluator = new LocationEvaluator(context, unit);
        evaluator.run(expression);
        return evaluator.result();
    }

    /** The location of what lies {@code at} an object whose address is pushed first. */
    static Location member(byte[] expression, Unit unit, EvaluationContext context, long object) {
        var evaluator = new LocationEvaluator(context, unit);
        evaluator.push(object);
        evaluator.run(expression);
        return evaluator.result();
    }

    /** The value that an expression computes, as call sites and bounds have it. */
    static Operand value(byte[] expression, Unit unit, EvaluationContext context) {
        var evaluator = new LocationEvaluator(context, unit);
        evaluator.run(expression);
        if (evaluator.named instanceof Location.InRegister(int register)) {
            return new Operand(context.register(register), null);
        }
        if (evaluator.named instanceof Location.Computed(Operand value)) {
            return value;
        }
        if (evaluator.named != null || !evaluator.pieces.isEmpty()) {
            throw NoValue.unreadable("an expression that wants one value gives none");
        }
        return evaluator.pop();
    }

    private Location result() {
        if (pieces.isEmpty()) {
            if (named != null) {
                return named;
            }
            return depth == 0 ? new Location.Nowhere() : new Location.InMemory(pop().bits());
        }
        return new Location.Composite(List.copyOf(pieces));
    }

    private void run(byte[] expression) {
        var in = ByteReader.of("DWARF expression", expression).order(context.order());
        while (in.hasRemaining()) {
            if (++steps > mostSteps) {
                throw in.error("more than %d operations", mostSteps);
            }
            context.spend(1);
            operation(in.u8(), in);
        }
    }

    private void operation(int code, ByteReader in) {
        if (code >= 0x30 && code <= 0x4f) { // DW_OP_lit0 … 31
            push(code - 0x30);
            return;
        }
        if (code >= 0x50 && code <= 0x6f) { // DW_OP_reg0 … 31
            named = new Location.InRegister(code - 0x50);
            return;
        }
        if (code >= 0x70 && code <= 0x8f) { // DW_OP_breg0 … 31
            push(context.register(code - 0x70) + in.sleb());
            return;
        }
        switch (code) {
            case 0x03 -> push(context.relocated(in.unsigned(unit.addressBytes()))); // DW_OP_addr
            case 0x06 -> push(load(pop().bits(), wordBytes)); // DW_OP_deref
            case 0x08 -> push(in.u8());
            case 0x09 -> push(in.i8());
            case 0x0a -> push(in.u16());
            case 0x0b -> push((short) in.u16());
            case 0x0c -> push(in.u32());
            case 0x0d -> push(in.i32());
            case 0x0e, 0x0f -> push(in.u64());
            case 0x10 -> push(in.uleb());
            case 0x11 -> push(in.sleb());
            case 0x12 -> put(peek(0)); // DW_OP_dup
            case 0x13 -> pop(); // DW_OP_drop
            case 0x14 -> put(peek(1)); // DW_OP_over
            case 0x15 -> put(peek(in.u8())); // DW_OP_pick
            case 0x16 -> swap();
            case 0x17 -> rotate();
            case 0x18 -> throw in.error("DW_OP_xderef: there are no further address spaces");
            case 0x19, 0x1f, 0x20 -> put(Arithmetic.unary(code, pop(), wordBytes));
            case 0x1a, 0x1b, 0x1c, 0x1d, 0x1e, 0x21, 0x22, 0x24, 0x25, 0x26, 0x27, 0x29, 0x2a, 0x2b, 0x2c, 0x2d, 0x2e ->
                binary(code);
            case 0x23 -> { // DW_OP_plus_uconst
                var value = pop();
                put(Arithmetic.truncated(value.bits() + in.uleb(), value.type(), wordBytes));
            }
            case 0x28 -> { // DW_OP_bra
                int offset = (short) in.u16();
                if (pop().bits() != 0) {
                    in.seek(in.position() + offset);
                }
            }
            case 0x2f -> { // DW_OP_skip
                int offset = (short) in.u16();
                in.seek(in.position() + offset);
            }
            case 0x90 -> named = new Location.InRegister(registerNumber(in)); // DW_OP_regx
            case 0x91 -> push(context.frameBase() + in.sleb()); // DW_OP_fbreg
            case 0x92 -> push(context.register(registerNumber(in)) + in.sleb()); // DW_OP_bregx
            case 0x93 -> piece(8 * size(in.uleb(), in), 0); // DW_OP_piece
            case 0x94 -> push(load(pop().bits(), size(in.u8(), wordBytes, in))); // DW_OP_deref_size
            case 0x96 -> {} // DW_OP_nop
            case 0x97 -> push(context.objectAddress()); // DW_OP_push_object_address
            case 0x98 -> call(unit.offset() + in.u16(), in); // DW_OP_call2
            case 0x99 -> call(unit.offset() + in.u32(), in); // DW_OP_call4
            case 0x9a -> call(in.unsigned(unit.offsetBytes()), in); // DW_OP_call_ref
            case 0x9b, 0xe0 -> // DW_OP_form_tls_address, DW_OP_GNU_push_tls_address
                throw NoValue.unreadable(
                        "it is thread-local, and where the dump keeps a thread's own memory is not known");
            case 0x9c -> push(context.cfa()); // DW_OP_call_frame_cfa
            case 0x9d -> { // DW_OP_bit_piece
                long bits = size(in.uleb(), in);
                piece(bits, size(in.uleb(), in));
            }
            case 0x9e -> { // DW_OP_implicit_value
                long size = size(in.uleb(), in);
                if (size > in.remaining()) {
                    throw in.error("DW_OP_implicit_value of %d bytes", size);
                }
                named = new Location.Bytes(in.bytes((int) size));
            }
            case 0x9f -> named = new Location.Computed(pop()); // DW_OP_stack_value
            case 0xa0, 0xf2 -> { // DW_OP_implicit_pointer, DW_OP_GNU_implicit_pointer
                long target = in.unsigned(unit.version() == 2 ? unit.addressBytes() : unit.offsetBytes());
                named = new Location.ImplicitPointer(context.entry(unit, target), in.sleb());
            }
            case 0xa1, 0xfb -> push(context.relocated(unit.indexedAddress(in.uleb()))); // DW_OP_addrx, …GNU_addr_index
            case 0xa2, 0xfc -> push(unit.indexedAddress(in.uleb())); // DW_OP_constx, DW_OP_GNU_const_index
            case 0xa3, 0xf3 -> entryValue(in.bytes((int) size(in.uleb(), in.remaining(), in))); // …entry_value
            case 0xa4, 0xf4 -> { // DW_OP_const_type
                var type = baseType(in);
                int size = size(in.u8(), 8, in);
                put(new Operand(Memory.unsigned(in.bytes(size), context.order()), type));
            }
            case 0xa5, 0xf5 -> { // DW_OP_regval_type
                int register = registerNumber(in);
                put(registerValue(register, baseType(in)));
            }
            case 0xa6, 0xf6 -> { // DW_OP_deref_type
                int size = size(in.u8(), 8, in);
                var type = baseType(in);
                put(new Operand(load(pop().bits(), size), type));
            }
            case 0xa8, 0xf7 -> put(Arithmetic.converted(pop(), optionalType(in), wordBytes)); // DW_OP_convert
            case 0xa9, 0xf9 -> put(Arithmetic.reinterpreted(pop(), optionalType(in), wordBytes)); // DW_OP_reinterpret
            case 0xf0 -> {} // DW_OP_GNU_uninit
            case 0xfa -> parameterReference(in.u32()); // DW_OP_GNU_parameter_ref
            case 0xfd -> { // DW_OP_GNU_variable_value
                long target = in.unsigned(unit.offsetBytes());
                put(context.variableValue(context.entry(unit, target)));
            }
            default -> throw in.error("operation 0x%02x", code);
        }
    }

    private void piece(long bits, long offset) {
        if (pieces.size() == MOST_VALUES) {
            throw NoValue.unreadable("more than %d pieces".formatted(MOST_VALUES));
        }
        Location place = named;
        if (place == null) {
            place = depth == 0 ? new Location.Nowhere() : new Location.InMemory(pop().bits());
        }
        named = null;
        pieces.add(new Location.Piece(place, bits, offset));
    }

    private void call(long entry, ByteReader in) {
        if (++calls > MOST_CALLS) {
            throw in.error("DW_OP_call more than %d times", MOST_CALLS);
        }
        var called = context.entry(unit, entry).location(DwarfNames.DW_AT_LOCATION, context.pc());
        called.ifPresent(this::run);
    }

    /** Mostly a register alone, whose value at the entry a call site of the caller says. */
    private void entryValue(byte[] expression) {
        put(context.entryValue(expression));
    }

    private void parameterReference(long offset) {
        put(context.parameterValue(context.entry(unit, unit.offset() + offset)));
    }

    private Operand registerValue(int register, Type.Base type) {
        long bits = type.size() > wordBytes
                ? Memory.unsigned(context.registerBytes(register, type.size()), context.order())
                : context.register(register);
        return Arithmetic.reinterpreted(new Operand(bits, null), type, wordBytes);
    }

    private Type.Base baseType(ByteReader in) {
        var type = context.baseType(unit, unit.offset() + in.uleb());
        if (type.size() > 8) {
            throw in.error("a value of %d bytes on the stack", type.size());
        }
        return type;
    }

    /** Offset 0 stands for the generic type. */
    private Type.@Nullable Base optionalType(ByteReader in) {
        long offset = in.uleb();
        if (offset == 0) {
            return null;
        }
        var type = context.baseType(unit, unit.offset() + offset);
        if (type.size() > 8) {
            throw in.error("a value of %d bytes on the stack", type.size());
        }
        return type;
    }

    private void binary(int code) {
        var second = pop();
        var first = pop();
        put(Arithmetic.binary(code, first, second, wordBytes));
    }

    private static int registerNumber(ByteReader in) {
        return (int) Math.clamp(in.uleb(), -1, Integer.MAX_VALUE);
    }

    private static long size(long size, ByteReader in) {
        return size(size, Integer.MAX_VALUE, in);
    }

    private static int size(long size, long most, ByteReader in) {
        if (size < 0 || size > most) {
            throw in.error("a size of %s, at most %d", Long.toUnsignedString(size), most);
        }
        return (int) size;
    }

    private long load(long address, int size) {
        return context.load(address, size);
    }

    private void swap() {
        var top = pop();
        var second = pop();
        put(top);
        put(second);
    }

    /** The top goes third. */
    private void rotate() {
        var top = pop();
        var second = pop();
        var third = pop();
        put(top);
        put(third);
        put(second);
    }

    private void push(long value) {
        put(Arithmetic.truncated(value, null, wordBytes));
    }

    private void put(Operand value) {
        if (depth == MOST_VALUES) {
            throw NoValue.unreadable("more than %d values on the stack of an expression".formatted(MOST_VALUES));
        }
        stack[depth++] = value;
    }

    private Operand pop() {
        var value = peek(0);
        depth--;
        return value;
    }

    private Operand peek(int below) {
        if (below >= depth) {
            throw NoValue.unreadable("an expression takes a value from an empty stack");
        }
        return stack[depth - 1 - below];
    }
}
