package dev.faultline.symbols.variables;

import static dev.faultline.symbols.dwarf.DwarfNames.*;

import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.dwarf.Entry;
import dev.faultline.symbols.unwind.AddressSpace;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** From a variable's entry to its value: where it is, its bytes, and what its type makes of them. For one variable. */
final class ValueReader {
    /** Values that are the same so often in a row are shown once. */
    private static final int REPEATS = 10;

    /** A pointer to what has no address any more. */
    private static final String SYNTHETIC_POINTER = "<synthetic pointer>";

    private static final int DW_END_BIG = 1;
    private static final int DW_END_LITTLE = 2;

    private final FrameContext context;
    private final Types types;
    private final ValueLimits limits;
    private final AddressSpace space;
    private final ByteOrder order;
    private int valuesLeft;

    ValueReader(FrameContext context, ValueLimits limits) {
        this.context = context;
        this.types = context.types();
        this.limits = limits;
        this.space = context.space();
        this.order = context.order();
        this.valuesLeft = limits.values();
    }

    /** The value of a variable or parameter; never fails. */
    Value read(Entry variable) {
        try {
            var type = types.typeOf(variable);
            if (variable.has(DW_AT_CONST_VALUE) || !variable.has(DW_AT_LOCATION)) {
                var constant = variable.having(DW_AT_CONST_VALUE);
                if (constant.isPresent()) {
                    return constant(constant.get(), type);
                }
            }
            var described = variable.having(DW_AT_LOCATION);
            if (described.isEmpty()) {
                return new Value.OptimisedOut();
            }
            var expression = described.get().location(DW_AT_LOCATION, context.pc());
            if (expression.isEmpty() || expression.get().length == 0) {
                return new Value.OptimisedOut();
            }
            return at(
                    LocationEvaluator.location(expression.get(), described.get().unit(), context), type, 0);
        } catch (NoValue e) {
            return e.why();
        } catch (FormatException e) {
            return new Value.Unreadable(String.valueOf(e.getMessage()));
        }
    }

    /** Where a variable is in memory; empty for one that is not there. */
    OptionalLong address(Entry variable) {
        try {
            var described = variable.having(DW_AT_LOCATION);
            var expression = described.flatMap(entry -> entry.location(DW_AT_LOCATION, context.pc()));
            return expression.isPresent()
                            && LocationEvaluator.location(
                                            expression.get(), described.get().unit(), context)
                                    instanceof Location.InMemory(long address)
                    ? OptionalLong.of(address)
                    : OptionalLong.empty();
        } catch (NoValue | FormatException e) {
            return OptionalLong.empty(); // its value says why
        }
    }

    /** The value of a variable that is an integer or a pointer, for an expression. */
    Operand integer(Entry variable) {
        var type = types.typeOf(variable);
        int size = (int) types.size(type).orElse(0);
        if (size < 1 || size > 8) {
            throw NoValue.unreadable("it depends on a variable that is no number");
        }
        var expression = variable.location(DW_AT_LOCATION, context.pc());
        if (expression.isEmpty()) {
            throw new NoValue(new Value.OptimisedOut());
        }
        var contents = contents(LocationEvaluator.location(expression.get(), variable.unit(), context), size);
        var absence = contents.absence(0, size);
        if (absence != null) {
            throw new NoValue(absence);
        }
        long bits = contents.bits(0, 0, 8 * size);
        boolean signed = types.plain(type) instanceof Type.Base base && base.encoding() == DW_ATE_SIGNED;
        return new Operand(signed ? extended(bits, 8 * size) : bits, null);
    }

    private Value constant(Entry entry, TypeReference type) {
        var number = entry.constant(DW_AT_CONST_VALUE);
        long size = types.size(type).orElse(0);
        if (number.isPresent()) {
            if (size < 1 || size > 8) {
                return new Value.Unreadable("a constant of a type of %d bytes".formatted(size));
            }
            return value(type, Contents.of(toBytes(number.getAsLong(), (int) size), order), 0, 0, 0);
        }
        var block = entry.block(DW_AT_CONST_VALUE);
        if (block.isPresent()) {
            return value(type, Contents.of(block.get(), order), 0, 0, 0);
        }
        var text = entry.text(DW_AT_CONST_VALUE);
        return new Value.Text(escaped(text.substring(0, Math.min(text.length(), limits.characters()))), false);
    }

    private Value at(Location location, TypeReference type, int pointers) {
        if (location instanceof Location.ImplicitPointer(Entry target, long offset)
                && types.plain(type) instanceof Type.Pointer pointer) {
            return implicitPointer(target, offset, pointer, pointers);
        }
        if (location instanceof Location.Nowhere) {
            return new Value.OptimisedOut();
        }
        var size = size(type);
        if (size.isEmpty() && types.plain(type) instanceof Type.Unspecified(String name)) {
            return new Value.Scalar(name.equals("decltype(nullptr)") ? "0" : name); // there is but one value of it
        }
        if (size.isEmpty()) {
            return new Value.Unreadable("the size of its type `%s` is not known".formatted(types.name(type)));
        }
        int bytes = (int) Math.min(size.getAsLong(), limits.bytes());
        return value(type, contents(location, bytes), 0, 0, pointers);
    }

    /** A pointer that was optimised away; what it points to may be there. */
    private Value implicitPointer(Entry target, long offset, Type.Pointer pointer, int pointers) {
        if (pointers >= limits.pointers() || offset < 0) {
            return new Value.Pointer(SYNTHETIC_POINTER, Optional.empty());
        }
        Value pointed;
        try {
            var constant = target.having(DW_AT_CONST_VALUE);
            if (constant.isPresent() && offset == 0) {
                pointed = constant(constant.get(), pointer.target());
            } else {
                var expression = target.location(DW_AT_LOCATION, context.pc());
                if (expression.isEmpty()) {
                    pointed = new Value.OptimisedOut();
                } else {
                    var location = LocationEvaluator.location(expression.get(), target.unit(), context);
                    long wanted = size(pointer.target()).orElse(0);
                    long whole = Math.min(limits.bytes(), offset + wanted);
                    pointed = offset == 0
                            ? at(location, pointer.target(), pointers + 1)
                            : value(pointer.target(), contents(location, (int) whole), offset, 0, pointers + 1);
                }
            }
        } catch (NoValue e) {
            pointed = e.why();
        }
        return new Value.Pointer(SYNTHETIC_POINTER, Optional.of(pointed));
    }

    /** The size of a type, its bounds computed where that is needed. */
    private OptionalLong size(TypeReference type) {
        return size(type, 0);
    }

    private OptionalLong size(TypeReference type, int depth) {
        var fixed = types.size(type);
        if (fixed.isPresent() || !(types.plain(type) instanceof Type.Array array) || depth > limits.depth()) {
            return fixed;
        }
        var element = size(array.element(), depth + 1);
        if (element.isEmpty()) {
            return element;
        }
        long size = array.stride() > 0 ? array.stride() : element.getAsLong();
        for (var dimension : array.dimensions()) {
            size = saturated(size, count(dimension));
        }
        return OptionalLong.of(size);
    }

    private static long saturated(long one, long other) {
        long high = Math.multiplyHigh(one, other);
        return high != 0 || one * other < 0 ? Long.MAX_VALUE : one * other;
    }

    private long count(Type.Dimension dimension) {
        if (dimension.count().isPresent()) {
            return dimension.count().getAsLong();
        }
        var unit = dimension.subrange().unit();
        if (unit == null) {
            return 0;
        }
        var subrange = types.reader().at(unit, dimension.subrange().offset());
        int attribute = subrange.has(DW_AT_COUNT) ? DW_AT_COUNT : DW_AT_UPPER_BOUND;
        var expression = subrange.block(attribute);
        Operand bound;
        if (expression.isPresent()) {
            var location = LocationEvaluator.location(expression.get(), unit, context);
            // an expression of class exprloc gives the value itself (DWARF 5, 2.19)
            bound = switch (location) {
                case Location.InMemory(long value) -> new Operand(value, null);
                case Location.Computed(Operand value) -> value;
                case Location.InRegister(int register) -> new Operand(context.register(register), null);
                case Location.Bytes bytes -> throw NoValue.unreadable("the length of an array is no number");
                case Location.ImplicitPointer pointer ->
                    throw NoValue.unreadable("the length of an array is no number");
                case Location.Nowhere() -> throw new NoValue(new Value.OptimisedOut());
                case Location.Composite composite -> throw NoValue.unreadable("the length of an array is no number");
            };
        } else {
            var variable = subrange.reference(attribute);
            if (variable.isEmpty()) {
                return 0;
            }
            bound = context.variableValue(variable.get());
        }
        long number = Arithmetic.signed(bound, space.architecture().wordBytes());
        long lower = subrange.constant(DW_AT_LOWER_BOUND).orElse(0);
        long count = attribute == DW_AT_COUNT ? number : number - lower + 1;
        if (count < 0) {
            throw NoValue.unreadable("an array of %d elements".formatted(count));
        }
        return count;
    }

    private Contents contents(Location location, int size) {
        return switch (location) {
            case Location.InMemory(long address) -> Contents.inMemory(space, address, size);
            case Location.InRegister(int register) -> Contents.of(registerBytes(register, size), order);
            case Location.Computed(Operand value) -> computed(value, size);
            case Location.Bytes bytes -> implicit(bytes.bytes(), size);
            case Location.ImplicitPointer pointer ->
                absent(size, Contents.UNREADABLE, "a pointer to what has no address");
            case Location.Nowhere() -> absent(size, Contents.OPTIMISED_OUT, "");
            case Location.Composite(var pieces) -> composite(pieces, size);
        };
    }

    private byte[] registerBytes(int register, int size) {
        int word = space.architecture().wordBytes();
        if (size >= word) {
            return context.registerBytes(register, size);
        }
        byte[] whole = context.registerBytes(register, word);
        return order == ByteOrder.LITTLE_ENDIAN
                ? Arrays.copyOf(whole, size)
                : Arrays.copyOfRange(whole, word - size, word);
    }

    private Contents computed(Operand value, int size) {
        if (size > 8) {
            byte[] bytes = new byte[size];
            byte[] states = new byte[size];
            byte[] known = toBytes(value.bits(), 8);
            System.arraycopy(known, 0, bytes, 0, 8);
            Arrays.fill(states, 8, size, Contents.OPTIMISED_OUT);
            return Contents.of(bytes, states, "", order);
        }
        // a value of the generic type in a larger variable: its sign is not said, debuggers extend with zeros
        return Contents.of(toBytes(value.bits(), size), order);
    }

    private Contents implicit(byte[] bytes, int size) {
        byte[] states = new byte[size];
        Arrays.fill(states, Math.min(size, bytes.length), size, Contents.OPTIMISED_OUT);
        return Contents.of(Arrays.copyOf(bytes, size), states, "", order);
    }

    private Contents absent(int size, byte state, String reason) {
        byte[] states = new byte[size];
        Arrays.fill(states, state);
        return Contents.of(new byte[size], states, reason, order);
    }

    private Contents composite(List<Location.Piece> pieces, int size) {
        byte[] bytes = new byte[size];
        byte[] states = new byte[size];
        Arrays.fill(states, Contents.OPTIMISED_OUT);
        String reason = "";
        long bit = 0;
        for (var piece : pieces) {
            long left = 8L * size - bit;
            long count = Math.min(piece.bitSize(), left);
            if (count <= 0) {
                break;
            }
            long needed = (piece.bitOffset() + count + 7) / 8;
            if (needed > limits.bytes()) {
                throw NoValue.unreadable("a piece of %d bytes".formatted(needed));
            }
            Contents part;
            try {
                part = contents(piece.place(), (int) needed);
            } catch (NoValue e) {
                reason = e.why() instanceof Value.Unreadable(String why) ? why : reason;
                part = absent((int) needed, state(e.why()), reason);
            }
            copyBits(part, piece.bitOffset(), bytes, states, bit, count);
            bit += count;
        }
        return Contents.of(bytes, states, reason, order);
    }

    private static byte state(Value why) {
        return switch (why) {
            case Value.OptimisedOut() -> Contents.OPTIMISED_OUT;
            case Value.NotInDump notInDump -> Contents.NOT_IN_DUMP;
            default -> Contents.UNREADABLE;
        };
    }

    private void copyBits(Contents from, long fromBit, byte[] bytes, byte[] states, long toBit, long count) {
        if ((fromBit | toBit | count) % 8 == 0) {
            System.arraycopy(from.bytes(), (int) (fromBit / 8), bytes, (int) (toBit / 8), (int) (count / 8));
            System.arraycopy(from.states(), (int) (fromBit / 8), states, (int) (toBit / 8), (int) (count / 8));
            return;
        }
        boolean little = order == ByteOrder.LITTLE_ENDIAN;
        for (long i = 0; i < count; i++) {
            long source = fromBit + i;
            long target = toBit + i;
            int shift = (int) (little ? source & 7 : 7 - (source & 7));
            int place = (int) (little ? target & 7 : 7 - (target & 7));
            int one = from.bytes()[(int) (source >> 3)] >> shift & 1;
            bytes[(int) (target >> 3)] |= (byte) (one << place);
            byte state = from.states()[(int) (source >> 3)];
            // a byte is as good as the worst of its bits
            int at = (int) (target >> 3);
            states[at] = (target & 7) == 0 || i == 0 ? state : (byte) Math.max(states[at], state);
        }
    }

    private byte[] toBytes(long value, int size) {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size && i < 8; i++) {
            bytes[order == ByteOrder.LITTLE_ENDIAN ? i : size - 1 - i] = (byte) (value >>> (8 * i));
        }
        return bytes;
    }

    /** What the bytes from {@code offset} on are as a value of the type. */
    private Value value(TypeReference reference, Contents contents, long offset, int depth, int pointers) {
        if (--valuesLeft < 0) {
            return new Value.Scalar("...");
        }
        if (depth > limits.depth()) {
            return new Value.Scalar("{...}");
        }
        return switch (types.plain(reference)) {
            case Type.Base base -> base(base, contents, offset);
            case Type.Pointer pointer -> pointer(pointer, contents, offset, depth, pointers);
            case Type.Structure structure -> structure(structure, reference, contents, offset, depth);
            case Type.Array array -> array(array, 0, contents, offset, depth);
            case Type.Enumeration enumeration -> {
                var absence = contents.absence(offset, enumeration.size());
                yield absence != null
                        ? absence
                        : enumerator(enumeration, contents.bits(offset, 0, 8 * enumeration.size()));
            }
            case Type.MemberPointer pointer -> memberPointer(pointer, contents, offset);
            case Type.Subroutine subroutine -> new Value.Scalar("{code}");
            case Type.Unspecified(String name) -> new Value.Scalar(name);
            case Type.Nothing() -> new Value.Unreadable("its type is void, or in a file that is not here");
            case Type.Unknown(String reason) -> new Value.Unreadable(reason);
            case Type.Alias alias -> new Value.Unreadable("a typedef of itself");
            case Type.Qualified qualified -> new Value.Unreadable("a qualifier of itself");
        };
    }

    private Value base(Type.Base base, Contents contents, long offset) {
        var absence = contents.absence(offset, base.size());
        if (absence != null) {
            return absence;
        }
        if (base.size() == 0) {
            return new Value.Structure(List.of(), 0); // Rust's ()
        }
        if (base.size() > 8) {
            return wide(base, contents, offset);
        }
        long bits = contents.bits(offset, 0, 8 * base.size());
        if (swapped(base)) {
            bits = Long.reverseBytes(bits) >>> (64 - 8 * base.size());
        }
        return scalar(base, bits, base.bits() > 0 ? base.bits() : 8 * base.size());
    }

    private boolean swapped(Type.Base base) {
        return (base.endianity() == DW_END_BIG && order == ByteOrder.LITTLE_ENDIAN)
                || (base.endianity() == DW_END_LITTLE && order == ByteOrder.BIG_ENDIAN);
    }

    private Value wide(Type.Base base, Contents contents, long offset) {
        if (base.encoding() == DW_ATE_COMPLEX_FLOAT && base.size() == 16) {
            double real = Double.longBitsToDouble(contents.bits(offset, 0, 64));
            double imaginary = Double.longBitsToDouble(contents.bits(offset + 8, 0, 64));
            return new Value.Scalar(real + " + " + imaginary + "i");
        }
        boolean little = order == ByteOrder.LITTLE_ENDIAN;
        if (base.size() == 16 && base.encoding() != DW_ATE_FLOAT) {
            var high = contents.bits(offset + (little ? 8 : 0), 0, 64);
            var low = contents.bits(offset + (little ? 0 : 8), 0, 64);
            var number = BigInteger.valueOf(high).shiftLeft(64).add(new BigInteger(Long.toUnsignedString(low)));
            boolean negative = number.signum() < 0 && base.encoding() != DW_ATE_SIGNED;
            return new Value.Scalar((negative ? number.add(BigInteger.ONE.shiftLeft(128)) : number).toString());
        }
        var hex = new StringBuilder("0x");
        for (int i = 0; i < base.size(); i++) {
            int at = little ? base.size() - 1 - i : i;
            hex.append("%02x".formatted(contents.bits(offset + at, 0, 8)));
        }
        return new Value.Scalar(hex.toString());
    }

    /** {@code bits} have nothing above {@code count}. */
    private static Value scalar(Type.Base base, long bits, int count) {
        long signed = extended(bits, count);
        long masked = count == 64 ? bits : bits & ((1L << count) - 1);
        String text = switch (base.encoding()) {
            case DW_ATE_BOOLEAN -> masked == 0 ? "false" : masked == 1 ? "true" : Long.toUnsignedString(masked);
            case DW_ATE_SIGNED_CHAR -> base.size() == 1 ? character(signed, bits) : Long.toString(signed);
            case DW_ATE_UNSIGNED_CHAR -> base.size() == 1 ? character(masked, bits) : Long.toUnsignedString(masked);
            case DW_ATE_UTF -> codePoint(prefix(base), masked);
            case DW_ATE_FLOAT -> floating(base.size(), bits);
            case DW_ATE_COMPLEX_FLOAT ->
                base.size() == 8
                        ? Float.intBitsToFloat((int) bits) + " + " + Float.intBitsToFloat((int) (bits >>> 32)) + "i"
                        : "0x" + Long.toHexString(bits);
            case DW_ATE_SIGNED -> Long.toString(signed);
            case DW_ATE_ADDRESS -> "0x" + Long.toHexString(masked);
            default -> Long.toUnsignedString(masked);
        };
        return new Value.Scalar(text);
    }

    private static String floating(int size, long bits) {
        return switch (size) {
            case 2 -> floating(Float.float16ToFloat((short) bits));
            case 4 -> floating(Float.intBitsToFloat((int) bits));
            case 8 -> floating(Double.longBitsToDouble(bits));
            default -> "0x" + Long.toHexString(bits);
        };
    }

    private static String floating(float number) {
        return Float.isFinite(number) ? Float.toString(number) : floating((double) number);
    }

    /** As the C library writes what is no number. */
    private static String floating(double number) {
        return Double.isFinite(number)
                ? Double.toString(number)
                : Double.isNaN(number) ? "nan" : number > 0 ? "inf" : "-inf";
    }

    private static String character(long number, long bits) {
        return number + " '" + escape((int) (bits & 0xff), '\'') + "'";
    }

    /** Of a literal of the type in C and C++. */
    private static String prefix(Type.Base base) {
        return switch (base.name()) {
            case "char8_t" -> "u8";
            case "char16_t" -> "u";
            case "char32_t" -> "U";
            default -> "";
        };
    }

    private static String codePoint(String prefix, long value) {
        boolean shown = value >= ' '
                && value <= Character.MAX_CODE_POINT
                && Character.isDefined((int) value)
                && !Character.isISOControl((int) value)
                && (value < Character.MIN_SURROGATE || value > Character.MAX_SURROGATE);
        return value + (shown ? " " + prefix + "'" + Character.toString((int) value) + "'" : "");
    }

    private static long extended(long bits, int count) {
        int unused = 64 - Math.clamp(count, 1, 64);
        return bits << unused >> unused;
    }

    private static Value enumerator(Type.Enumeration enumeration, long bits) {
        return enumerator(enumeration, bits, 8 * enumeration.size());
    }

    private static Value enumerator(Type.Enumeration enumeration, long bits, int count) {
        long value = enumeration.signed() ? extended(bits, count) : bits;
        long mask = count == 64 ? -1 : (1L << count) - 1;
        var flags = new ArrayList<String>();
        long left = bits;
        for (var enumerator : enumeration.enumerators()) {
            long one = enumerator.value() & mask;
            if (one == (bits & mask)) {
                return new Value.Scalar(enumerator.name());
            }
            if (Long.bitCount(one) == 1 && (left & one) != 0) {
                flags.add(enumerator.name());
                left &= ~one;
            }
        }
        return flags.isEmpty() || left != 0
                ? new Value.Scalar(enumeration.signed() ? Long.toString(value) : Long.toUnsignedString(value))
                : new Value.Scalar(flags.size() == 1 ? flags.getFirst() : "(" + String.join(" | ", flags) + ")");
    }

    private Value pointer(Type.Pointer pointer, Contents contents, long offset, int depth, int pointers) {
        var absence = contents.absence(offset, pointer.size());
        if (absence != null) {
            return absence;
        }
        long address = contents.bits(offset, 0, 8 * pointer.size());
        boolean reference = !pointer.sign().equals("*");
        String text = (reference ? "@0x" : "0x") + Long.toHexString(address);
        if (address == 0) {
            return new Value.Pointer(text, Optional.empty()); // whatever the linker put there, it is not what is meant
        }
        String known = space.describe(address);
        if (!known.isEmpty()) {
            text += " <" + known + ">";
        }
        if (types.plain(pointer.target()) instanceof Type.Base base && isCharacter(base)) {
            return new Value.Pointer(text, string(address));
        }
        return new Value.Pointer(
                text, pointers < limits.pointers() ? target(pointer.target(), address, depth) : Optional.empty());
    }

    /** What a pointer points to, where there is something to show. */
    private Optional<Value> target(TypeReference type, long address, int depth) {
        boolean shown = switch (types.plain(type)) {
            case Type.Base base -> true;
            case Type.Pointer pointer -> true;
            case Type.Structure structure -> !structure.declaration();
            case Type.Array array -> true;
            case Type.Enumeration enumeration -> true;
            case Type.MemberPointer pointer -> true;
            case Type.Alias alias -> false;
            case Type.Qualified qualified -> false;
            case Type.Subroutine subroutine -> false;
            case Type.Unspecified unspecified -> false;
            case Type.Nothing() -> false;
            case Type.Unknown unknown -> false;
        };
        if (!shown || depth > limits.depth()) {
            return Optional.empty();
        }
        try {
            long size = size(type).orElse(0);
            int bytes = (int) Math.min(size, limits.bytes());
            return bytes == 0
                    ? Optional.empty()
                    : Optional.of(
                            value(type, Contents.inMemory(space, address, bytes), 0, depth + 1, limits.pointers()));
        } catch (NoValue e) {
            return Optional.of(e.why());
        }
    }

    /** Characters up to a NUL, or to what was not captured. */
    private Optional<Value> string(long address) {
        var contents = Contents.inMemory(space, address, limits.characters());
        int length = 0;
        while (length < contents.size()
                && contents.states()[length] == Contents.PRESENT
                && contents.bytes()[length] != 0) {
            length++;
        }
        if (length == 0 && contents.states()[0] != Contents.PRESENT) {
            return Optional.of(new Value.NotInDump(List.of(new Value.MissingRange(address, 1))));
        }
        boolean ended = length < contents.size() && contents.states()[length] == Contents.PRESENT;
        return Optional.of(new Value.Text(escaped(contents.bytes(), 0, length), !ended));
    }

    private static boolean isCharacter(Type.Base base) {
        return base.size() == 1
                && (base.encoding() == DW_ATE_SIGNED_CHAR
                        || base.encoding() == DW_ATE_UNSIGNED_CHAR
                        || base.encoding() == DW_ATE_UTF);
    }

    private Value structure(
            Type.Structure structure, TypeReference reference, Contents contents, long offset, int depth) {
        if (structure.declaration()) {
            return new Value.Unreadable(
                    "its type `%s` is only declared in this image".formatted(types.name(reference)));
        }
        if (structure.size() > 0
                && contents.isAllAbsent(offset, Math.min(structure.size(), contents.size() - offset))) {
            var absence = contents.absence(offset, Math.min(structure.size(), contents.size() - offset));
            if (absence != null) {
                return absence;
            }
        }
        var members = new ArrayList<Value.Member>();
        int more = 0;
        var all = new ArrayList<>(structure.members());
        var variants = structure.variants();
        if (variants != null) {
            all.addAll(chosen(variants, contents, offset));
        }
        for (var member : all) {
            if (members.size() == limits.elements() || valuesLeft <= 0) {
                more++;
                continue;
            }
            members.add(new Value.Member(member.name(), member(structure, member, contents, offset, depth)));
        }
        return new Value.Structure(members, more);
    }

    /** The members of the variant that the discriminant says. */
    private List<Type.Member> chosen(Type.VariantPart part, Contents contents, long offset) {
        var discriminant = part.discriminant();
        Type.Variant otherwise = null;
        var value = OptionalLong.empty();
        if (discriminant != null) {
            int size = (int) types.size(discriminant.type()).orElse(0);
            long at = offset + discriminant.offset();
            if (size < 1 || size > 8 || contents.absence(at, size) != null) {
                return List.of(discriminant); // shown as what it is: not there
            }
            value = OptionalLong.of(contents.bits(at, 0, 8 * size));
            long mask = size == 8 ? -1 : (1L << (8 * size)) - 1;
            for (var variant : part.variants()) {
                for (int i = 0; i < variant.lows().size(); i++) {
                    long low = variant.lows().get(i) & mask;
                    long high = variant.highs().get(i) & mask;
                    if (Long.compareUnsigned(low, value.getAsLong()) <= 0
                            && Long.compareUnsigned(value.getAsLong(), high) <= 0) {
                        return variant.members();
                    }
                }
            }
        }
        for (var variant : part.variants()) {
            otherwise = variant.otherwise() ? variant : otherwise;
        }
        if (otherwise == null) {
            return discriminant == null ? List.of() : List.of(discriminant);
        }
        return otherwise.members();
    }

    private Value member(Type.Structure structure, Type.Member member, Contents contents, long offset, int depth) {
        try {
            long at = offset + member.offset();
            if (member.expression() != null) {
                at = offset + computedOffset(member, contents, offset);
            }
            if (member.bitSize() > 0) {
                return bitField(member, contents, at);
            }
            if (member.isBase()
                    && structure.size() > 0
                    && types.size(member.type()).orElse(0) == 0) {
                return new Value.Structure(List.of(), 0);
            }
            return value(member.type(), contents, at, depth + 1, limits.pointers());
        } catch (NoValue e) {
            return e.why();
        } catch (FormatException e) {
            return new Value.Unreadable(String.valueOf(e.getMessage()));
        }
    }

    /** A virtual base class is where its object's table says. */
    private long computedOffset(Type.Member member, Contents contents, long offset) {
        var unit = member.type().unit();
        var expression = member.expression();
        if (contents.address().isEmpty() || unit == null || expression == null) {
            throw NoValue.unreadable("where it is depends on the address of its object, which has none");
        }
        long object = contents.address().getAsLong() + offset;
        return switch (LocationEvaluator.member(expression.toBytes(), unit, context, object)) {
            case Location.InMemory(long address) -> address - object;
            default -> throw NoValue.unreadable("where it is is no address");
        };
    }

    private Value bitField(Type.Member member, Contents contents, long at) {
        long bytes = (member.bitOffset() + member.bitSize() + 7) / 8;
        var absence = contents.absence(at, bytes);
        if (absence != null) {
            return absence;
        }
        long bits = contents.bits(at, member.bitOffset(), member.bitSize());
        return switch (types.plain(member.type())) {
            case Type.Base base -> scalar(base, bits, member.bitSize());
            case Type.Enumeration enumeration -> enumerator(enumeration, bits, member.bitSize());
            default -> new Value.Scalar(Long.toUnsignedString(bits));
        };
    }

    private Value array(Type.Array array, int dimension, Contents contents, long offset, int depth) {
        if (depth > limits.depth()) {
            return new Value.Scalar("{...}");
        }
        long count;
        long elementSize;
        try {
            count = count(array.dimensions().get(dimension));
            elementSize = array.stride() > 0
                    ? array.stride()
                    : size(array.element())
                            .orElseThrow(() -> NoValue.unreadable("the size of its elements is not known"));
            for (int i = dimension + 1; i < array.dimensions().size(); i++) {
                elementSize = saturated(elementSize, count(array.dimensions().get(i)));
            }
        } catch (NoValue e) {
            return e.why();
        }
        boolean last = dimension == array.dimensions().size() - 1;
        if (count == 0 || elementSize == 0) {
            return new Value.Sequence(List.of(), 0);
        }
        long whole = Math.min(saturated(count, elementSize), Math.max(0, contents.size() - offset));
        if (contents.isAllAbsent(offset, whole)) {
            var absence = contents.absence(offset, whole);
            if (absence != null) {
                return absence;
            }
        }
        if (last && types.plain(array.element()) instanceof Type.Base base && isCharacter(base)) {
            var text = text(base, contents, offset, count);
            if (text != null) {
                return text;
            }
        }
        var runs = new ArrayList<Value.Run>();
        long i = 0;
        int shown = 0;
        while (i < count && shown < limits.elements() && valuesLeft > 0) {
            long at = offset + i * elementSize;
            if (at + elementSize > contents.size()) {
                break;
            }
            long missing = Math.min(count - i, elementSize == 0 ? 0 : contents.absentFrom(at) / elementSize);
            var absence = missing > 1 ? contents.absence(at, missing * elementSize) : null;
            if (absence != null) {
                runs.add(new Value.Run(absence, missing));
                i += missing;
                shown++;
                continue;
            }
            long same = 1;
            while (i + same < count && same(contents, at, at + same * elementSize, elementSize)) {
                same++;
            }
            var element = last
                    ? value(array.element(), contents, at, depth + 1, limits.pointers())
                    : array(array, dimension + 1, contents, at, depth + 1);
            if (same >= REPEATS) {
                runs.add(new Value.Run(element, same));
                i += same;
                shown++;
                continue;
            }
            for (int j = 0; j < same && shown < limits.elements(); j++) {
                runs.add(new Value.Run(element, 1));
                i++;
                shown++;
            }
        }
        return new Value.Sequence(runs, count - i);
    }

    private static boolean same(Contents contents, long one, long other, long size) {
        return other + size <= contents.size() && contents.same((int) one, (int) other, (int) size);
    }

    /** A text, where an array of characters is one: of plain characters always, of bytes if all can be shown. */
    private @Nullable Value text(Type.Base base, Contents contents, long offset, long count) {
        int size = (int) Math.min(count, contents.size() - offset);
        int end = 0;
        for (int i = 0; i < size; i++) {
            int at = (int) offset + i;
            if (contents.states()[at] != Contents.PRESENT) {
                return null;
            }
            if (contents.bytes()[at] != 0) {
                end = i + 1;
            }
        }
        boolean plain = base.name().equals("char");
        for (int i = 0; i < end && !plain; i++) {
            int character = contents.bytes()[(int) offset + i] & 0xff;
            if (character < ' ' || character > '~') {
                return null;
            }
        }
        if (!plain && (end == 0 || end == size)) {
            return null; // nothing says that these bytes are characters
        }
        int shown = Math.min(end, limits.characters());
        return new Value.Text(escaped(contents.bytes(), (int) offset, shown), shown < end);
    }

    private Value memberPointer(Type.MemberPointer pointer, Contents contents, long offset) {
        var absence = contents.absence(offset, pointer.size());
        if (absence != null) {
            return absence;
        }
        int word = Math.min(8, space.architecture().wordBytes());
        long first = contents.bits(offset, 0, 8 * word);
        if (pointer.size() <= word) {
            return new Value.Scalar(
                    first == (word == 8 ? -1 : (1L << (8 * word)) - 1) ? "null" : member(pointer, first));
        }
        String known = space.describe(first);
        return new Value.Scalar("0x" + Long.toHexString(first) + (known.isEmpty() ? "" : " <" + known + ">"));
    }

    /** The member that is so many bytes into its class. */
    private String member(Type.MemberPointer pointer, long offset) {
        if (types.plain(pointer.owner()) instanceof Type.Structure owner) {
            for (var member : owner.members()) {
                if (member.offset() == offset && !member.isBase() && member.expression() == null) {
                    return "&" + types.name(pointer.owner()) + "::" + member.name();
                }
            }
        }
        return "+" + offset;
    }

    private static String escaped(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return escaped(bytes, 0, bytes.length);
    }

    private static String escaped(byte[] bytes, int from, int count) {
        var text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append(escape(bytes[from + i] & 0xff, '"'));
        }
        return text.toString();
    }

    private static String escape(int character, char quote) {
        return switch (character) {
            case 0x07 -> "\\a";
            case '\b' -> "\\b";
            case '\f' -> "\\f";
            case 0x0b -> "\\v";
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            case '\\' -> "\\\\";
            default -> {
                if (character == quote) {
                    yield "\\" + quote;
                }
                yield character >= ' ' && character <= '~'
                        ? String.valueOf((char) character)
                        : "\\%03o".formatted(character);
            }
        };
    }
}
