package dev.faultline.symbols.dwarf;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.FormatException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.HashMap;
import java.util.TreeMap;

/**
 * The dictionary of unwind rows: a program has many addresses with rows and few different rows. A rule is the encoded
 * row; its number is that of the order in which rules were met, from 1, and 0 is the absence of a row.
 *
 * <pre>
 * u8    bit 0 signal frame, bit 1 from an exception table, bits 2 and 3 signing, bit 4 the CFA is an expression
 * uleb  return address register
 * CFA:  uleb register, sleb offset; or uleb size and the expression
 * uleb  number of registers, then for each, ascending:
 *   uleb distance from the register before (the first: from 0), times 8, plus the kind of its rule
 *   by kind: nothing, sleb offset, uleb register, or uleb size and the expression
 * </pre>
 */
public final class UnwindRules {
    public static final int NONE = 0;

    /** Linux has 506 different ones, the largest C++ programs not many more. */
    private static final int MOST = 1 << 16;

    /** Longest rule: each of some 60 registers saved at an expression. */
    private static final int MOST_RULE_BYTES = 1 << 11;

    private static final int MOST_BYTES = 1 << 24;
    private static final int SIGNAL_FRAME = 1;
    private static final int EXCEPTION_TABLE = 2;
    private static final int SIGNING_SHIFT = 2;
    private static final int CFA_EXPRESSION = 0x10;

    /** Rules one behind the other; rule n ends at {@code ends[n]}. */
    private byte[] bytes = new byte[1 << 10];

    private int[] ends = new int[1 << 6];
    private int count;

    /** Open addressing, by hash: numbers, 0 where free; at most half full. */
    private int[] slots = new int[1 << 8];

    private final byte[] encoded = new byte[MOST_RULE_BYTES];
    private int length;

    /** How many different rules there are. */
    public int count() {
        return count;
    }

    /** The number of a row. */
    public int number(UnwindRow row) {
        var rules = new FrameRules();
        var expressions = new Expressions();
        switch (row.cfa()) {
            case CfaRule.RegisterOffset(int register, long offset) -> rules.cfa(register, offset);
            case CfaRule.Expression(var expression) ->
                rules.cfaExpression(expressions.add(expression), expression.length());
        }
        rules.signing(row.signing().state());
        new TreeMap<>(row.rules()).forEach((register, rule) -> {
            boolean fits = switch (rule) {
                case RegisterRule.Undefined() -> rules.set(register, FrameRules.UNDEFINED, 0, 0);
                case RegisterRule.SameValue() -> rules.set(register, FrameRules.SAME_VALUE, 0, 0);
                case RegisterRule.SavedAt(long offset) -> rules.set(register, FrameRules.SAVED_AT, offset, 0);
                case RegisterRule.ValueOf(long offset) -> rules.set(register, FrameRules.VALUE_OF, offset, 0);
                case RegisterRule.InRegister(int other) -> rules.set(register, FrameRules.IN_REGISTER, other, 0);
                case RegisterRule.SavedAtExpression(var expression) ->
                    rules.set(
                            register, FrameRules.SAVED_AT_EXPRESSION, expressions.add(expression), expression.length());
                case RegisterRule.ValueOfExpression(var expression) ->
                    rules.set(
                            register, FrameRules.VALUE_OF_EXPRESSION, expressions.add(expression), expression.length());
            };
            if (!fits) {
                throw new FormatException("a row of more than %d rules".formatted(FrameRules.MOST));
            }
        });
        return number(
                rules,
                row.returnAddressRegister(),
                row.signalFrame(),
                row.origin(),
                MemorySegment.ofArray(expressions.bytes));
    }

    /**
     * The number of the rules at an address, whose canonical frame address is known.
     *
     * @param expressions what the places of expressions are places in
     */
    int number(
            FrameRules rules,
            int returnAddressRegister,
            boolean signalFrame,
            UnwindRow.Origin origin,
            MemorySegment expressions) {
        encode(rules, returnAddressRegister, signalFrame, origin, expressions);
        int mask = slots.length - 1;
        int slot = hash(encoded, 0, length) & mask;
        while (slots[slot] != NONE) {
            int number = slots[slot];
            if (Arrays.equals(encoded, 0, length, bytes, ends[number - 1], ends[number])) {
                return number;
            }
            slot = slot + 1 & mask;
        }
        return add(slot);
    }

    /** A rule's bytes. */
    public byte[] encoded(int number) {
        return Arrays.copyOfRange(bytes, ends[number - 1], ends[number]);
    }

    /** The row that a number stands for. */
    public UnwindRow row(int number) {
        return read(ByteReader.of("unwind rule", encoded(number)));
    }

    /** Whether the rule that begins with this byte is one of a signal frame. */
    public static boolean isSignalFrame(int firstByte) {
        return (firstByte & SIGNAL_FRAME) != 0;
    }

    /** Reads the rule that begins where the reader stands. */
    public static UnwindRow read(ByteReader in) {
        int flags = in.u8();
        int returnAddress = (int) in.uleb();
        CfaRule cfa = (flags & CFA_EXPRESSION) == 0
                ? new CfaRule.RegisterOffset((int) in.uleb(), in.sleb())
                : new CfaRule.Expression(expression(in));
        long count = in.uleb();
        if (count < 0 || count > FrameRules.MOST) {
            throw in.error("row of %d rules", count);
        }
        var rules = new HashMap<Integer, RegisterRule>();
        int register = 0;
        for (long i = 0; i < count; i++) {
            long distanceAndKind = in.uleb();
            register += (int) (distanceAndKind >>> 3);
            rules.put(register, rule(in, (int) distanceAndKind & 7));
        }
        return new UnwindRow(
                cfa,
                rules,
                returnAddress,
                (flags & SIGNAL_FRAME) != 0,
                signing(in, flags >> SIGNING_SHIFT & 3),
                (flags & EXCEPTION_TABLE) == 0
                        ? UnwindRow.Origin.CALL_FRAME_INFORMATION
                        : UnwindRow.Origin.EXCEPTION_TABLE);
    }

    private static UnwindRow.Signing signing(ByteReader in, int state) {
        return switch (state) {
            case 0 -> UnwindRow.Signing.NONE;
            case 1 -> UnwindRow.Signing.STACK_POINTER;
            case 2 -> UnwindRow.Signing.STACK_POINTER_AND_PC;
            default -> throw in.error("signing %d", state);
        };
    }

    private static RegisterRule rule(ByteReader in, int kind) {
        return switch (kind) {
            case FrameRules.UNDEFINED -> new RegisterRule.Undefined();
            case FrameRules.SAME_VALUE -> new RegisterRule.SameValue();
            case FrameRules.SAVED_AT -> new RegisterRule.SavedAt(in.sleb());
            case FrameRules.VALUE_OF -> new RegisterRule.ValueOf(in.sleb());
            case FrameRules.IN_REGISTER -> new RegisterRule.InRegister((int) in.uleb());
            case FrameRules.SAVED_AT_EXPRESSION -> new RegisterRule.SavedAtExpression(expression(in));
            case FrameRules.VALUE_OF_EXPRESSION -> new RegisterRule.ValueOfExpression(expression(in));
            default -> throw in.error("kind %d of register rule", kind);
        };
    }

    private static DwarfExpression expression(ByteReader in) {
        long size = in.uleb();
        if (size < 0 || size > in.remaining()) {
            throw in.error("expression of 0x%x bytes, 0x%x left", size, in.remaining());
        }
        return new DwarfExpression(in.bytes((int) size));
    }

    private void encode(
            FrameRules rules,
            int returnAddressRegister,
            boolean signalFrame,
            UnwindRow.Origin origin,
            MemorySegment expressions) {
        length = 0;
        boolean cfaExpression = rules.cfa() == FrameRules.Cfa.EXPRESSION;
        put((signalFrame ? SIGNAL_FRAME : 0)
                | (origin == UnwindRow.Origin.EXCEPTION_TABLE ? EXCEPTION_TABLE : 0)
                | rules.signing() << SIGNING_SHIFT
                | (cfaExpression ? CFA_EXPRESSION : 0));
        uleb(returnAddressRegister);
        if (cfaExpression) {
            expression(expressions, rules.cfaExpressionAt(), rules.cfaExpressionLength());
        } else {
            uleb(rules.cfaRegister());
            sleb(rules.cfaOffset());
        }
        uleb(rules.count());
        int before = 0;
        for (int i = 0; i < rules.count(); i++) {
            int kind = rules.kind(i);
            uleb((long) (rules.register(i) - before) << 3 | kind);
            before = rules.register(i);
            switch (kind) {
                case FrameRules.SAVED_AT, FrameRules.VALUE_OF -> sleb(rules.operand(i));
                case FrameRules.IN_REGISTER -> uleb(rules.operand(i));
                case FrameRules.SAVED_AT_EXPRESSION, FrameRules.VALUE_OF_EXPRESSION ->
                    expression(expressions, rules.operand(i), rules.length(i));
                default -> {} // undefined and same value have no operand
            }
        }
    }

    private void expression(MemorySegment expressions, long place, int size) {
        uleb(size);
        need(size);
        MemorySegment.copy(expressions, ValueLayout.JAVA_BYTE, place, encoded, length, size);
        length += size;
    }

    private void uleb(long value) {
        long left = value;
        while ((left & ~0x7fL) != 0) {
            put((int) (left & 0x7f) | 0x80);
            left >>>= 7;
        }
        put((int) left);
    }

    private void sleb(long value) {
        long left = value;
        while (left < -0x40 || left > 0x3f) {
            put((int) (left & 0x7f) | 0x80);
            left >>= 7;
        }
        put((int) (left & 0x7f));
    }

    private void put(int value) {
        need(1);
        encoded[length++] = (byte) value;
    }

    private void need(int size) {
        if (size > MOST_RULE_BYTES - length) {
            throw new FormatException("a row whose rules take more than %d bytes".formatted(MOST_RULE_BYTES));
        }
    }

    /** FNV-1a. */
    private static int hash(byte[] bytes, int from, int to) {
        long hash = 0xcbf29ce484222325L;
        for (int i = from; i < to; i++) {
            hash = (hash ^ bytes[i]) * 0x100000001b3L;
        }
        return (int) (hash ^ hash >>> 32);
    }

    private int add(int slot) {
        int start = ends[count];
        if (count == MOST || length > MOST_BYTES - start) {
            throw new FormatException("more than %d different rows, or 0x%x bytes of them".formatted(MOST, MOST_BYTES));
        }
        count++;
        if (start + length > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(start + length, bytes.length * 2));
        }
        if (count == ends.length) {
            ends = Arrays.copyOf(ends, ends.length * 2);
        }
        System.arraycopy(encoded, 0, bytes, start, length);
        ends[count] = start + length;
        slots[slot] = count;
        if (count * 2 > slots.length) {
            rehash();
        }
        return count;
    }

    private void rehash() {
        slots = new int[slots.length * 2];
        for (int number = 1; number <= count; number++) {
            int slot = hash(bytes, ends[number - 1], ends[number]) & slots.length - 1;
            while (slots[slot] != NONE) {
                slot = slot + 1 & slots.length - 1;
            }
            slots[slot] = number;
        }
    }

    /** Expressions of a row one behind the other, so that they have places. */
    private static final class Expressions {
        private byte[] bytes = {};

        long add(DwarfExpression expression) {
            byte[] operations = expression.toBytes();
            int place = bytes.length;
            bytes = Arrays.copyOf(bytes, place + operations.length);
            System.arraycopy(operations, 0, bytes, place, operations.length);
            return place;
        }
    }
}
