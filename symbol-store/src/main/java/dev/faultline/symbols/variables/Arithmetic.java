package dev.faultline.symbols.variables;

import dev.faultline.symbols.dwarf.DwarfNames;
import org.jspecify.annotations.Nullable;

/** The arithmetic of DWARF expressions: integers of any size with and without sign, and floating-point numbers (DWARF 5, 2.5.1.4). */
final class Arithmetic {

    private Arithmetic() {}

    /** An operation of one operand: abs, neg, not. */
    static Operand unary(int code, Operand value, int wordBytes) {
        var type = value.type();
        if (isFloat(type)) {
            double number = toDouble(value);
            return switch (code) {
                case 0x19 -> ofDouble(Math.abs(number), type);
                case 0x1f -> ofDouble(-number, type);
                default -> throw NoValue.unreadable("an expression negates the bits of a floating-point number");
            };
        }
        long bits = value.bits();
        return truncated(
                switch (code) {
                    case 0x19 -> Math.abs(signed(value, wordBytes));
                    case 0x1f -> -bits;
                    default -> ~bits;
                },
                type,
                wordBytes);
    }

    /** An operation of two operands of one type; what compares gives 0 or 1 of the generic type. */
    static Operand binary(int code, Operand first, Operand second, int wordBytes) {
        var type = first.type();
        if (isFloat(type)) {
            return ofFloats(code, first, second, type);
        }
        boolean unsigned = isUnsigned(type);
        long a = first.bits();
        long b = second.bits();
        long signedA = signed(first, wordBytes);
        long signedB = signed(second, wordBytes);
        if ((code == 0x1b || code == 0x1d) && b == 0) {
            throw NoValue.unreadable("an expression divides by zero");
        }
        int order = unsigned ? Long.compareUnsigned(a, b) : Long.compare(signedA, signedB);
        int bits = 8 * size(type, wordBytes);
        boolean shiftsOut = Long.compareUnsigned(b, bits) >= 0;
        long result = switch (code) {
            case 0x1a -> a & b;
            case 0x1b -> unsigned ? Long.divideUnsigned(a, b) : signedA / signedB;
            case 0x1c -> a - b;
            // of the generic type the remainder is that of unsigned numbers, as all compilers and debuggers have it
            case 0x1d -> type == null || unsigned ? Long.remainderUnsigned(a, b) : signedA % signedB;
            case 0x1e -> a * b;
            case 0x21 -> a | b;
            case 0x22 -> a + b;
            case 0x24 -> shiftsOut ? 0 : a << b;
            case 0x25 -> shiftsOut ? 0 : a >>> b;
            case 0x26 -> signedA >> (shiftsOut ? 63 : b);
            case 0x27 -> a ^ b;
            default -> compare(code, order);
        };
        return truncated(result, code >= 0x29 ? null : type, wordBytes);
    }

    private static Operand ofFloats(int code, Operand first, Operand second, Type.@Nullable Base type) {
        double a = toDouble(first);
        double b = toDouble(second);
        return switch (code) {
            case 0x1b -> ofDouble(a / b, type);
            case 0x1c -> ofDouble(a - b, type);
            case 0x1e -> ofDouble(a * b, type);
            case 0x22 -> ofDouble(a + b, type);
            case 0x29, 0x2a, 0x2b, 0x2c, 0x2d, 0x2e -> {
                boolean holds = switch (code) {
                    case 0x29 -> a == b;
                    case 0x2a -> a >= b;
                    case 0x2b -> a > b;
                    case 0x2c -> a <= b;
                    case 0x2d -> a < b;
                    default -> a != b;
                };
                yield new Operand(holds ? 1 : 0, null);
            }
            default -> throw NoValue.unreadable("an expression takes the bits of a floating-point number");
        };
    }

    private static long compare(int code, int order) {
        boolean holds = switch (code) {
            case 0x29 -> order == 0;
            case 0x2a -> order >= 0;
            case 0x2b -> order > 0;
            case 0x2c -> order <= 0;
            case 0x2d -> order < 0;
            default -> order != 0; // 0x2e
        };
        return holds ? 1 : 0;
    }

    /** DW_OP_convert: the same number in another type. */
    static Operand converted(Operand value, Type.@Nullable Base type, int wordBytes) {
        if (isFloat(value.type())) {
            double number = toDouble(value);
            return isFloat(type) ? ofDouble(number, type) : truncated((long) number, type, wordBytes);
        }
        boolean unsigned = isUnsigned(value.type()) || value.type() == null;
        long number = unsigned ? value.bits() : signed(value, wordBytes);
        return isFloat(type) ? ofDouble(toDouble(number, unsigned), type) : truncated(number, type, wordBytes);
    }

    private static double toDouble(long number, boolean unsigned) {
        return unsigned && number < 0 ? 2.0 * (double) ((number >>> 1) | (number & 1)) : (double) number;
    }

    /** DW_OP_reinterpret: the same bits in another type. */
    static Operand reinterpreted(Operand value, Type.@Nullable Base type, int wordBytes) {
        return truncated(value.bits(), type, wordBytes);
    }

    /** The lowest bits, as many as the type has. */
    static Operand truncated(long bits, Type.@Nullable Base type, int wordBytes) {
        int size = size(type, wordBytes);
        return new Operand(size >= 8 ? bits : bits & ((1L << (8 * size)) - 1), type);
    }

    /** The number of the bits, its sign kept. */
    static long signed(Operand value, int wordBytes) {
        int unused = 64 - 8 * Math.clamp(size(value.type(), wordBytes), 1, 8);
        return value.bits() << unused >> unused;
    }

    private static int size(Type.@Nullable Base type, int wordBytes) {
        return type == null ? wordBytes : type.size();
    }

    private static boolean isFloat(Type.@Nullable Base type) {
        return type != null && type.encoding() == DwarfNames.DW_ATE_FLOAT;
    }

    private static boolean isUnsigned(Type.@Nullable Base type) {
        if (type == null) {
            return false;
        }
        return switch (type.encoding()) {
            case DwarfNames.DW_ATE_UNSIGNED,
                    DwarfNames.DW_ATE_UNSIGNED_CHAR,
                    DwarfNames.DW_ATE_ADDRESS,
                    DwarfNames.DW_ATE_BOOLEAN,
                    DwarfNames.DW_ATE_UTF -> true;
            default -> false;
        };
    }

    private static double toDouble(Operand value) {
        var type = value.type();
        return switch (type == null ? 0 : type.size()) {
            case 4 -> Float.intBitsToFloat((int) value.bits());
            case 8 -> Double.longBitsToDouble(value.bits());
            default -> throw NoValue.unreadable("an expression calculates with floating-point numbers of a rare size");
        };
    }

    private static Operand ofDouble(double number, Type.@Nullable Base type) {
        return switch (type == null ? 0 : type.size()) {
            case 4 -> new Operand(Integer.toUnsignedLong(Float.floatToRawIntBits((float) number)), type);
            case 8 -> new Operand(Double.doubleToRawLongBits(number), type);
            default -> throw NoValue.unreadable("an expression calculates with floating-point numbers of a rare size");
        };
    }
}
