package dev.faultline.symbols.dwarf;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * An unwind row as a line: {@code cfa=r13+8 r4=c-8 r14=c-4}. Rules by register number: {@code c-8} saved at CFA-8,
 * {@code v-8} is CFA-8, {@code r5} in r5, {@code u} undefined, {@code s} the same, {@code [breg7 deref]} saved where an
 * expression says, {@code (breg7 deref)} what an expression says.
 */
public final class RowText {
    private static final int RA_SIGN_STATE = 34;

    private RowText() {}

    public static String of(UnwindRow row) {
        var rules = new TreeMap<Integer, String>();
        row.rules().forEach((register, rule) -> rules.put(register, text(rule)));
        if (row.signing() != UnwindRow.Signing.NONE) {
            rules.put(RA_SIGN_STATE, String.valueOf(row.signing().state()));
        }
        return of(
                switch (row.cfa()) {
                    case CfaRule.RegisterOffset(int register, long offset) -> "r%d%+d".formatted(register, offset);
                    case CfaRule.Expression(var expression) -> "(" + operations(expression) + ")";
                },
                rules);
    }

    /** A row whose rules are in these words already. */
    public static String of(String cfa, Map<Integer, String> rules) {
        var text = new StringBuilder("cfa=").append(cfa);
        new TreeMap<>(rules).forEach((register, rule) -> text.append(" r%d=%s".formatted(register, rule)));
        return text.toString();
    }

    private static String text(RegisterRule rule) {
        return switch (rule) {
            case RegisterRule.Undefined() -> "u";
            case RegisterRule.SameValue() -> "s";
            case RegisterRule.SavedAt(long offset) -> "c%+d".formatted(offset);
            case RegisterRule.ValueOf(long offset) -> "v%+d".formatted(offset);
            case RegisterRule.InRegister(int other) -> "r" + other;
            case RegisterRule.SavedAtExpression(var expression) -> "[" + operations(expression) + "]";
            case RegisterRule.ValueOfExpression(var expression) -> "(" + operations(expression) + ")";
        };
    }

    /** Names of the operations with the offset of DW_OP_breg, as far as call frame information has them. */
    private static String operations(DwarfExpression expression) {
        List<String> names = new ArrayList<>();
        var in = expression.reader(ByteOrder.LITTLE_ENDIAN);
        while (in.hasRemaining()) {
            int code = in.u8();
            if (code >= 0x30 && code <= 0x4f) {
                names.add("lit" + (code - 0x30));
            } else if (code >= 0x70 && code <= 0x8f) {
                names.add("breg%d%+d".formatted(code - 0x70, in.sleb()));
            } else {
                names.add(
                        switch (code) {
                            case 0x06 -> "deref";
                            case 0x08 -> "const1u_" + in.u8();
                            case 0x09 -> "const1s_" + in.i8();
                            case 0x0a -> "const2u_" + in.u16();
                            case 0x0b -> "const2s_" + (short) in.u16();
                            case 0x10 -> "constu_" + in.uleb();
                            case 0x11 -> "consts_" + in.sleb();
                            case 0x12 -> "dup";
                            case 0x16 -> "swap";
                            case 0x1a -> "and";
                            case 0x1c -> "minus";
                            case 0x1e -> "mul";
                            case 0x20 -> "not";
                            case 0x22 -> "plus";
                            case 0x23 -> "plus_uconst_" + in.uleb();
                            case 0x24 -> "shl";
                            case 0x25 -> "shr";
                            case 0x28 -> "bra_" + (short) in.u16();
                            case 0x2a -> "ge";
                            case 0x2b -> "gt";
                            case 0x2c -> "le";
                            case 0x2d -> "lt";
                            case 0x2f -> "skip_" + (short) in.u16();
                            case 0x92 -> "bregx_%d%+d".formatted(in.uleb(), in.sleb());
                            case 0x94 -> "deref_size_" + in.u8();
                            default -> "op%02x".formatted(code);
                        });
            }
        }
        return String.join(",", names);
    }
}
