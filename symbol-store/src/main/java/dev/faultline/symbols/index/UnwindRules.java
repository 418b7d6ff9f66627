package dev.faultline.symbols.index;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.dwarf.CfaRule;
import dev.faultline.symbols.dwarf.DwarfExpression;
import dev.faultline.symbols.dwarf.RegisterRule;
import dev.faultline.symbols.dwarf.UnwindRow;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The dictionary of unwind rows: a program has many addresses with rows and few different rows. A rule is named by its
 * place in the section plus 1; 0 is the absence of a row.
 */
final class UnwindRules {
    static final int NONE = 0;

    private final Map<UnwindRow, Integer> places = new HashMap<>();
    private final Bytes bytes = new Bytes();

    int number(UnwindRow row) {
        Integer known = places.get(row);
        if (known != null) {
            return known;
        }
        int number = bytes.size() + 1;
        places.put(row, number);
        write(row);
        return number;
    }

    Bytes bytes() {
        return bytes;
    }

    /** Reads the rule that begins where the reader stands. */
    static UnwindRow read(ByteReader in) {
        long returnAddress = in.uleb();
        CfaRule cfa = switch (in.u8()) {
            case 0 -> new CfaRule.RegisterOffset((int) in.uleb(), in.sleb());
            case 1 -> new CfaRule.Expression(expression(in));
            default -> throw in.error("unknown kind of CFA rule");
        };
        long count = in.uleb();
        var rules = new HashMap<Integer, RegisterRule>();
        for (long i = 0; i < count; i++) {
            int register = (int) in.uleb();
            rules.put(register, rule(in));
        }
        return new UnwindRow(cfa, rules, (int) (returnAddress >> 1), (returnAddress & 1) != 0);
    }

    private static RegisterRule rule(ByteReader in) {
        return switch (in.u8()) {
            case 0 -> new RegisterRule.Undefined();
            case 1 -> new RegisterRule.SameValue();
            case 2 -> new RegisterRule.SavedAt(in.sleb());
            case 3 -> new RegisterRule.ValueOf(in.sleb());
            case 4 -> new RegisterRule.InRegister((int) in.uleb());
            case 5 -> new RegisterRule.SavedAtExpression(expression(in));
            case 6 -> new RegisterRule.ValueOfExpression(expression(in));
            default -> throw in.error("unknown kind of register rule");
        };
    }

    private static DwarfExpression expression(ByteReader in) {
        long size = in.uleb();
        if (size < 0 || size > in.remaining()) {
            throw in.error("expression of 0x%x bytes, 0x%x left", size, in.remaining());
        }
        return new DwarfExpression(in.bytes((int) size));
    }

    private void write(UnwindRow row) {
        bytes.uleb((long) row.returnAddressRegister() << 1 | (row.signalFrame() ? 1 : 0));
        switch (row.cfa()) {
            case CfaRule.RegisterOffset(int register, long offset) -> {
                bytes.u8(0);
                bytes.uleb(register);
                bytes.sleb(offset);
            }
            case CfaRule.Expression(DwarfExpression expression) -> write(1, expression);
        }
        bytes.uleb(row.rules().size());
        // in the order of registers: the same debug file gives the same index
        new TreeMap<>(row.rules()).forEach((register, rule) -> {
            bytes.uleb(register);
            write(rule);
        });
    }

    private void write(RegisterRule rule) {
        switch (rule) {
            case RegisterRule.Undefined() -> bytes.u8(0);
            case RegisterRule.SameValue() -> bytes.u8(1);
            case RegisterRule.SavedAt(long offset) -> {
                bytes.u8(2);
                bytes.sleb(offset);
            }
            case RegisterRule.ValueOf(long offset) -> {
                bytes.u8(3);
                bytes.sleb(offset);
            }
            case RegisterRule.InRegister(int other) -> {
                bytes.u8(4);
                bytes.uleb(other);
            }
            case RegisterRule.SavedAtExpression(DwarfExpression expression) -> write(5, expression);
            case RegisterRule.ValueOfExpression(DwarfExpression expression) -> write(6, expression);
        }
    }

    private void write(int kind, DwarfExpression expression) {
        byte[] operations = expression.toBytes();
        bytes.u8(kind);
        bytes.uleb(operations.length);
        bytes.bytes(operations);
    }
}
