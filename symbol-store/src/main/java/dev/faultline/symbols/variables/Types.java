package dev.faultline.symbols.variables;

import static dev.faultline.symbols.dwarf.DwarfNames.*;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.dwarf.DwarfExpression;
import dev.faultline.symbols.dwarf.DwarfNames;
import dev.faultline.symbols.dwarf.Entry;
import dev.faultline.symbols.dwarf.EntryReader;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads the types of one image for one thread; what was read once, {@link ImageVariables} keeps. */
final class Types {
    /** Longest chain of typedefs and qualifiers; one that is longer is a cycle. */
    private static final int MOST_ALIASES = 64;

    private static final int MOST_NAME = 1 << 10;

    /** Most types that one name is put together of: a function may take functions that take functions. */
    private static final int MOST_PARTS = 256;

    /** Deepest chain of types that have to be read to read one: of bases of bases, or sizes of members. */
    private static final int MOST_NESTED = 64;

    private final ImageVariables image;
    private final EntryReader reader;
    private final int wordBytes;

    private int reading;
    private int parts;

    Types(ImageVariables image, EntryReader reader, int wordBytes) {
        this.image = image;
        this.reader = reader;
        this.wordBytes = wordBytes;
    }

    EntryReader reader() {
        return reader;
    }

    /** The type that an attribute of an entry, or of what it is an instance of, refers to. */
    TypeReference typeOf(Entry entry) {
        return entry.having(DW_AT_TYPE)
                .map(typed -> reference(typed, DW_AT_TYPE))
                .orElse(TypeReference.VOID);
    }

    private static TypeReference reference(Entry entry, int attribute) {
        return entry.reference(attribute).map(TypeReference::to).orElse(TypeReference.VOID);
    }

    /** The type itself; never fails. */
    Type type(TypeReference reference) {
        var unit = reference.unit();
        if (unit == null) {
            return new Type.Nothing();
        }
        var known = image.type(reference);
        if (known != null) {
            return known;
        }
        if (reading == MOST_NESTED) {
            return new Type.Unknown("types that depend on each other more than %d deep".formatted(MOST_NESTED));
        }
        reading++;
        try {
            var read = read(reader.at(unit, reference.offset()));
            if (reading == 1) {
                image.keep(reference, read); // further in, the limit may have cut it short
            }
            return read;
        } catch (FormatException e) {
            return new Type.Unknown(String.valueOf(e.getMessage())); // not kept: another crash has work left for it
        } finally {
            reading--;
        }
    }

    /** The type without typedefs and qualifiers; a declaration is replaced by its definition where the image has one. */
    Type plain(TypeReference reference) {
        var type = type(reference);
        for (int i = 0; i < MOST_ALIASES; i++) {
            switch (type) {
                case Type.Alias(var name, var target) -> type = type(target);
                case Type.Qualified(var qualifier, var target) -> type = type(target);
                case Type.Structure structure
                when structure.declaration() -> {
                    var definition = definition(structure);
                    return definition == null ? structure : definition;
                }
                default -> {
                    return type;
                }
            }
        }
        return new Type.Unknown("typedefs more than %d deep".formatted(MOST_ALIASES));
    }

    private @Nullable Type definition(Type.Structure declaration) {
        for (var place : image.names(reader).definitions(declaration.name())) {
            if (type(place) instanceof Type.Structure found
                    && !found.declaration()
                    && found.name().equals(declaration.name())) {
                return found;
            }
        }
        return null;
    }

    /** Bytes of a value of the type; empty where that is not known. */
    OptionalLong size(TypeReference reference) {
        return size(reference, 0);
    }

    private OptionalLong size(TypeReference reference, int depth) {
        return switch (plain(reference)) {
            case Type.Base base -> OptionalLong.of(base.size());
            case Type.Pointer pointer -> OptionalLong.of(pointer.size());
            case Type.Structure structure ->
                structure.declaration() ? OptionalLong.empty() : OptionalLong.of(structure.size());
            case Type.Enumeration enumeration -> OptionalLong.of(enumeration.size());
            case Type.MemberPointer pointer -> OptionalLong.of(pointer.size());
            case Type.Array array -> depth == MOST_ALIASES ? OptionalLong.empty() : arraySize(array, depth);
            case Type.Subroutine subroutine -> OptionalLong.of(1);
            case Type.Alias alias -> OptionalLong.empty();
            case Type.Qualified qualified -> OptionalLong.empty();
            case Type.Unspecified unspecified -> OptionalLong.empty();
            case Type.Nothing none -> OptionalLong.empty();
            case Type.Unknown unknown -> OptionalLong.empty();
        };
    }

    private OptionalLong arraySize(Type.Array array, int depth) {
        var element = size(array.element(), depth + 1);
        if (element.isEmpty()) {
            return element;
        }
        long size = array.stride() > 0 ? array.stride() : element.getAsLong();
        for (var dimension : array.dimensions()) {
            if (dimension.count().isEmpty()) {
                return OptionalLong.empty();
            }
            try {
                size = Math.multiplyExact(size, dimension.count().getAsLong());
            } catch (ArithmeticException e) {
                return OptionalLong.empty();
            }
        }
        return OptionalLong.of(size);
    }

    private Type read(Entry entry) {
        return switch (entry.tag()) {
            case DW_TAG_BASE_TYPE -> base(entry);
            case DW_TAG_POINTER_TYPE -> new Type.Pointer("*", pointerSize(entry), reference(entry, DW_AT_TYPE));
            case DW_TAG_REFERENCE_TYPE -> new Type.Pointer("&", pointerSize(entry), reference(entry, DW_AT_TYPE));
            case DW_TAG_RVALUE_REFERENCE_TYPE ->
                new Type.Pointer("&&", pointerSize(entry), reference(entry, DW_AT_TYPE));
            case DW_TAG_STRUCTURE_TYPE -> structure("struct", entry);
            case DW_TAG_CLASS_TYPE -> structure("class", entry);
            case DW_TAG_UNION_TYPE -> structure("union", entry);
            case DW_TAG_INTERFACE_TYPE -> structure("interface", entry);
            case DW_TAG_ARRAY_TYPE -> array(entry);
            case DW_TAG_ENUMERATION_TYPE -> enumeration(entry);
            case DW_TAG_TYPEDEF -> new Type.Alias(entry.text(DW_AT_NAME), reference(entry, DW_AT_TYPE));
            case DW_TAG_CONST_TYPE -> new Type.Qualified("const", reference(entry, DW_AT_TYPE));
            case DW_TAG_VOLATILE_TYPE -> new Type.Qualified("volatile", reference(entry, DW_AT_TYPE));
            case DW_TAG_RESTRICT_TYPE -> new Type.Qualified("restrict", reference(entry, DW_AT_TYPE));
            case DW_TAG_ATOMIC_TYPE -> new Type.Qualified("_Atomic", reference(entry, DW_AT_TYPE));
            case DW_TAG_SHARED_TYPE, DW_TAG_IMMUTABLE_TYPE -> new Type.Alias("", reference(entry, DW_AT_TYPE));
            case DW_TAG_SUBROUTINE_TYPE -> subroutine(entry);
            case DW_TAG_PTR_TO_MEMBER_TYPE -> memberPointer(entry);
            case DW_TAG_UNSPECIFIED_TYPE -> new Type.Unspecified(entry.text(DW_AT_NAME));
            case DW_TAG_SUBRANGE_TYPE -> new Type.Alias(entry.text(DW_AT_NAME), reference(entry, DW_AT_TYPE));
            default -> new Type.Unknown("an entry of tag 0x%x is no type".formatted(entry.tag()));
        };
    }

    private static Type base(Entry entry) {
        long bits = entry.constant(DW_AT_BIT_SIZE).orElse(0);
        long size = entry.constant(DW_AT_BYTE_SIZE).orElse((bits + 7) / 8);
        if (size < 0 || size > 64 || bits < 0 || bits > 8 * size) {
            return new Type.Unknown("a base type of %d bytes".formatted(size));
        }
        return new Type.Base(
                entry.text(DW_AT_NAME),
                (int) size,
                (int) entry.constant(DW_AT_ENCODING).orElse(0),
                (int) bits,
                (int) entry.constant(DW_AT_ENDIANITY).orElse(0));
    }

    private int pointerSize(Entry entry) {
        long size = entry.constant(DW_AT_BYTE_SIZE).orElse(wordBytes);
        if (size < 1 || size > 8) {
            throw new FormatException("a pointer of %d bytes".formatted(size));
        }
        return (int) size;
    }

    private Type structure(String keyword, Entry entry) {
        if (entry.has(DW_AT_SIGNATURE)) { // what it is says a type unit
            var definition = entry.reference(DW_AT_SIGNATURE);
            if (definition.isPresent() && definition.get().tag() == entry.tag()) {
                return type(TypeReference.to(definition.get()));
            }
        }
        var members = new ArrayList<Type.Member>();
        Type.@Nullable VariantPart variants = null;
        for (var child : entry.children()) {
            switch (child.tag()) {
                case DW_TAG_MEMBER -> {
                    // before DWARF 5 a static member was a member that is declared
                    if (!child.flag(DW_AT_EXTERNAL)
                            && !child.flag(DW_AT_DECLARATION)
                            && !child.has(DW_AT_CONST_VALUE)) {
                        members.add(member(child));
                    }
                }
                case DW_TAG_INHERITANCE -> members.add(member(child));
                case DW_TAG_VARIANT_PART -> variants = variants(child);
                default -> {}
            }
        }
        return new Type.Structure(
                keyword,
                entry.name(),
                entry.constant(DW_AT_BYTE_SIZE).orElse(0),
                List.copyOf(members),
                variants,
                entry.flag(DW_AT_DECLARATION),
                isC(entry));
    }

    /** Languages that say {@code struct} before a name: C in all its versions, and Objective-C. */
    private static boolean isC(Entry entry) {
        return switch (entry.unit().language()) {
            case 0x01, 0x02, 0x0c, 0x1d, 0x2c, 0x3e, 0x10, 0x8001 -> true;
            default -> false;
        };
    }

    private Type.Member member(Entry entry) {
        boolean isBase = entry.tag() == DW_TAG_INHERITANCE;
        var type = reference(entry, DW_AT_TYPE);
        String name = isBase ? "<" + declaration(type, "", 0) + ">" : entry.text(DW_AT_NAME);
        long offset = entry.constant(DW_AT_DATA_MEMBER_LOCATION).orElse(0);
        byte[] expression = entry.block(DW_AT_DATA_MEMBER_LOCATION).orElse(null);
        if (expression != null) {
            var constant = plusConstant(expression);
            if (constant.isPresent()) {
                offset = constant.getAsLong();
                expression = null;
            }
        }
        int bitSize = (int) entry.constant(DW_AT_BIT_SIZE).orElse(0);
        if (bitSize < 0 || bitSize > 64) {
            throw new FormatException("a bit field of %d bits".formatted(bitSize));
        }
        long bitOffset = 0;
        if (bitSize > 0 && entry.has(DW_AT_DATA_BIT_OFFSET)) {
            long bits = entry.constant(DW_AT_DATA_BIT_OFFSET).orElse(0);
            offset = Math.floorDiv(bits, 8);
            bitOffset = Math.floorMod(bits, 8);
        } else if (bitSize > 0 && entry.has(DW_AT_BIT_OFFSET)) {
            // DWARF 2 counted from the most significant bit of the storage unit (DWARF 4, 5.5.6)
            long storage =
                    entry.constant(DW_AT_BYTE_SIZE).orElseGet(() -> size(type).orElse(0));
            long fromTop = entry.constant(DW_AT_BIT_OFFSET).orElse(0);
            long bits = image.littleEndian() ? 8 * storage - fromTop - bitSize : fromTop;
            offset += Math.floorDiv(bits, 8);
            bitOffset = Math.floorMod(bits, 8);
        }
        return new Type.Member(
                name,
                type,
                offset,
                expression == null ? null : new DwarfExpression(expression),
                bitOffset,
                bitSize,
                isBase,
                entry.flag(DW_AT_ARTIFICIAL));
    }

    /** DWARF 2 wrote a constant offset as DW_OP_plus_uconst. */
    private static OptionalLong plusConstant(byte[] expression) {
        if (expression.length < 2 || expression[0] != 0x23) {
            return OptionalLong.empty();
        }
        long value = 0;
        for (int i = 1; i < expression.length && i <= 9; i++) {
            value |= (expression[i] & 0x7fL) << (7 * (i - 1));
            if (expression[i] >= 0) {
                return i == expression.length - 1 ? OptionalLong.of(value) : OptionalLong.empty();
            }
        }
        return OptionalLong.empty();
    }

    private Type.VariantPart variants(Entry part) {
        var discriminant = part.reference(DW_AT_DISCR).map(this::member).orElse(null);
        var variants = new ArrayList<Type.Variant>();
        for (var child : part.children()) {
            if (child.tag() == DW_TAG_VARIANT) {
                variants.add(variant(child));
            }
        }
        return new Type.VariantPart(discriminant, List.copyOf(variants));
    }

    private Type.Variant variant(Entry entry) {
        var lows = new ArrayList<Long>();
        var highs = new ArrayList<Long>();
        boolean otherwise = !entry.has(DW_AT_DISCR_VALUE) && !entry.has(DW_AT_DISCR_LIST);
        entry.constant(DW_AT_DISCR_VALUE).ifPresent(value -> {
            lows.add(value);
            highs.add(value);
        });
        entry.block(DW_AT_DISCR_LIST).ifPresent(list -> discriminants(list, lows, highs));
        var members = new ArrayList<Type.Member>();
        for (var child : entry.children()) {
            if (child.tag() == DW_TAG_MEMBER) {
                members.add(member(child));
            }
        }
        return new Type.Variant(List.copyOf(lows), List.copyOf(highs), otherwise, List.copyOf(members));
    }

    /** DWARF 5, 7.5.5 and table 7.19: labels and ranges of LEB128 numbers. */
    private static void discriminants(byte[] list, List<Long> lows, List<Long> highs) {
        var in = ByteReader.of("DW_AT_discr_list", list);
        while (in.hasRemaining()) {
            boolean range = in.u8() == 1; // DW_DSC_range
            long low = in.sleb();
            lows.add(low);
            highs.add(range ? in.sleb() : low);
        }
    }

    private Type array(Entry entry) {
        var dimensions = new ArrayList<Type.Dimension>();
        for (var child : entry.children()) {
            if (child.tag() == DW_TAG_SUBRANGE_TYPE) {
                dimensions.add(new Type.Dimension(count(child), TypeReference.to(child)));
            } else if (child.tag() == DW_TAG_ENUMERATION_TYPE) {
                dimensions.add(
                        new Type.Dimension(OptionalLong.of(child.children().size()), TypeReference.to(child)));
            }
        }
        if (dimensions.isEmpty()) {
            dimensions.add(new Type.Dimension(OptionalLong.of(0), TypeReference.VOID));
        }
        return new Type.Array(
                reference(entry, DW_AT_TYPE),
                List.copyOf(dimensions),
                entry.flag(DW_AT_GNU_VECTOR),
                entry.constant(DW_AT_BYTE_STRIDE).orElse(0));
    }

    /** Of one with neither a count nor a bound, a flexible array member, 0; empty where it has to be computed. */
    private static OptionalLong count(Entry subrange) {
        var count = subrange.constant(DW_AT_COUNT);
        if (count.isPresent()) {
            return clamped(count.getAsLong());
        }
        var upper = subrange.constant(DW_AT_UPPER_BOUND);
        if (upper.isPresent()) {
            // an upper bound of all ones, in whatever form, is -1: GCC's way to write zero elements
            long bound = upper.getAsLong() == 0xffff_ffffL ? -1 : upper.getAsLong();
            return clamped(bound - subrange.constant(DW_AT_LOWER_BOUND).orElse(0) + 1);
        }
        boolean computed = subrange.has(DW_AT_COUNT) || subrange.has(DW_AT_UPPER_BOUND);
        return computed ? OptionalLong.empty() : OptionalLong.of(0);
    }

    private static OptionalLong clamped(long count) {
        return OptionalLong.of(Math.max(0, count));
    }

    private Type enumeration(Entry entry) {
        if (entry.has(DW_AT_SIGNATURE)) { // what it is says a type unit
            var definition = entry.reference(DW_AT_SIGNATURE);
            if (definition.isPresent() && definition.get().tag() == entry.tag()) {
                return type(TypeReference.to(definition.get()));
            }
        }
        var enumerators = new ArrayList<Type.Enumerator>();
        boolean negative = false;
        for (var child : entry.children()) {
            if (child.tag() == DW_TAG_ENUMERATOR) {
                long value = child.constant(DW_AT_CONST_VALUE).orElse(0);
                negative |= value < 0;
                enumerators.add(new Type.Enumerator(child.text(DW_AT_NAME), value));
            }
        }
        long size = entry.constant(DW_AT_BYTE_SIZE)
                .orElseGet(() -> size(reference(entry, DW_AT_TYPE)).orElse(4));
        if (size < 1 || size > 8) {
            throw new FormatException("an enumeration of %d bytes".formatted(size));
        }
        boolean signed = negative
                || (plain(reference(entry, DW_AT_TYPE)) instanceof Type.Base base
                        && base.encoding() == DwarfNames.DW_ATE_SIGNED);
        return new Type.Enumeration(entry.text(DW_AT_NAME), (int) size, signed, List.copyOf(enumerators), isC(entry));
    }

    private static Type subroutine(Entry entry) {
        var parameters = new ArrayList<TypeReference>();
        for (var child : entry.children()) {
            if (child.tag() == DW_TAG_FORMAL_PARAMETER) {
                parameters.add(reference(child, DW_AT_TYPE));
            }
        }
        return new Type.Subroutine(reference(entry, DW_AT_TYPE), List.copyOf(parameters));
    }

    /** The ABI of Itanium: of data one word, of functions two. */
    private Type memberPointer(Entry entry) {
        var target = reference(entry, DW_AT_TYPE);
        boolean function = plain(target) instanceof Type.Subroutine;
        return new Type.MemberPointer(
                reference(entry, DW_AT_CONTAINING_TYPE), target, function ? 2 * wordBytes : wordBytes);
    }

    /** The type as the source would write it. */
    String name(TypeReference reference) {
        parts = 0;
        return declaration(reference, "", 0);
    }

    /** A declaration of {@code declarator}, which grows from the inside out as C has it. */
    private String declaration(TypeReference reference, String declarator, int depth) {
        if (depth == MOST_ALIASES || declarator.length() > MOST_NAME || ++parts > MOST_PARTS) {
            return "..." + declarator;
        }
        return switch (type(reference)) {
            case Type.Base base -> spaced(base.name(), declarator);
            case Type.Pointer(String sign, int size, var target) -> {
                yield declaration(target, binds(target) ? "(" + sign + declarator + ")" : sign + declarator, depth + 1);
            }
            case Type.Structure structure ->
                spaced(
                        structure.c() || structure.name().isEmpty()
                                ? structure.keyword() + " " + (structure.name().isEmpty() ? "{...}" : structure.name())
                                : structure.name(),
                        declarator);
            case Type.Array(var element, var dimensions, boolean vector, long stride) -> {
                var suffix = new StringBuilder();
                for (var dimension : dimensions) {
                    suffix.append('[');
                    dimension.count().ifPresent(suffix::append);
                    suffix.append(']');
                }
                yield declaration(element, declarator + suffix, depth + 1);
            }
            case Type.Enumeration enumeration ->
                spaced(
                        enumeration.c() || enumeration.name().isEmpty()
                                ? "enum " + (enumeration.name().isEmpty() ? "{...}" : enumeration.name())
                                : enumeration.name(),
                        declarator);
            case Type.Alias(String name, var target) ->
                name.isEmpty() ? declaration(target, declarator, depth + 1) : spaced(name, declarator);
            case Type.Qualified qualified -> qualified(qualified, declarator, depth);
            case Type.Subroutine(var result, var parameters) -> {
                var list = new StringBuilder("(");
                for (var parameter : parameters) {
                    list.append(list.length() == 1 ? "" : ", ").append(declaration(parameter, "", depth + 1));
                    if (list.length() > MOST_NAME) {
                        break;
                    }
                }
                yield declaration(
                        result,
                        (declarator.isEmpty() ? " " : declarator) + (list.length() == 1 ? "(void" : list) + ")",
                        depth + 1);
            }
            case Type.MemberPointer(var owner, var target, int size) -> {
                String sign = declaration(owner, "", depth + 1) + "::*" + declarator;
                yield declaration(target, binds(target) ? "(" + sign + ")" : sign, depth + 1);
            }
            case Type.Unspecified(String name) -> spaced(name, declarator);
            case Type.Nothing() -> spaced("void", declarator);
            case Type.Unknown unknown -> spaced("?", declarator);
        };
    }

    /** Whether what is declared stands behind the type as well: a pointer to it has to be in brackets. */
    private boolean binds(TypeReference target) {
        return switch (type(target)) {
            case Type.Array array -> true;
            case Type.Subroutine subroutine -> true;
            default -> false;
        };
    }

    /** What it qualifies first, unless that is a pointer; in one order, as the order means nothing. */
    private String qualified(Type.Qualified outermost, String declarator, int depth) {
        var qualifiers = new TreeSet<String>();
        TypeReference target = outermost.target();
        qualifiers.add(outermost.qualifier());
        for (int i = 0; i < MOST_ALIASES && type(target) instanceof Type.Qualified(String qualifier, var next); i++) {
            qualifiers.add(qualifier);
            target = next;
        }
        if (type(target) instanceof Type.Array array
                && type(array.element()) instanceof Type.Qualified(String qualifier, var element)) {
            qualifiers.remove(qualifier); // an array is const because its elements are
        }
        if (qualifiers.isEmpty()) {
            return declaration(target, declarator, depth + 1);
        }
        String all = String.join(" ", qualifiers);
        if (!(type(target) instanceof Type.Pointer)) {
            return all + " " + declaration(target, declarator, depth + 1);
        }
        String pointed = declarator.isBlank() || declarator.startsWith("[") ? declarator : " " + declarator.strip();
        return declaration(target, " " + all + pointed, depth + 1);
    }

    private static String spaced(String name, String declarator) {
        boolean spaced = declarator.isEmpty() || declarator.startsWith(" ");
        return spaced ? name + declarator : name + " " + declarator;
    }
}
