package dev.faultline.symbols.variables;

import dev.faultline.symbols.dwarf.DwarfExpression;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A type (DWARF 5, chapter 5); types that it is made of are referred to, as they may be made of it. */
sealed interface Type {

    /** How much of the heap it takes, roughly. */
    default int weight() {
        return 96;
    }

    /**
     * A number, a character or a truth value.
     *
     * @param size bytes
     * @param encoding {@code DW_ATE_…}
     * @param bits how many of its bits count; 0: all
     * @param endianity {@code DW_END_…}; 0: the processor's
     */
    record Base(String name, int size, int encoding, int bits, int endianity) implements Type {}

    /** A pointer, or a reference of C++: {@code &} or {@code &&}. */
    record Pointer(String sign, int size, TypeReference target) implements Type {}

    record Structure(
            String keyword,
            String name,
            long size,
            List<Member> members,
            @Nullable VariantPart variants,
            boolean declaration,
            boolean c)
            implements Type {

        @Override
        public int weight() {
            int variantMembers = variants == null ? 0 : variants.variants().size() * 3;
            return 160 + 120 * (members.size() + variantMembers);
        }
    }

    /**
     * A member of a structure, or a base class.
     *
     * @param offset bytes from the structure's start
     * @param expression where it is, if that has to be computed; the address of the structure is pushed first
     * @param bitOffset from the start of the byte at {@code offset}: of a bit field
     * @param bitSize 0: no bit field
     */
    record Member(
            String name,
            TypeReference type,
            long offset,
            @Nullable DwarfExpression expression,
            long bitOffset,
            int bitSize,
            boolean isBase,
            boolean artificial) {}

    /** The part of a structure that is one of several, as an enum of Rust has it (DWARF 5, 5.7.10). */
    record VariantPart(@Nullable Member discriminant, List<Variant> variants) {}

    /** Discriminant values from each low to each high; {@code otherwise}: of all other values. */
    record Variant(List<Long> lows, List<Long> highs, boolean otherwise, List<Member> members) {}

    /** An array of arrays is one array of several dimensions. */
    record Array(TypeReference element, List<Dimension> dimensions, boolean vector, long stride) implements Type {

        @Override
        public int weight() {
            return 128 + 48 * dimensions.size();
        }
    }

    /** How many elements; where the count has to be computed, the entry that says how. */
    record Dimension(OptionalLong count, TypeReference subrange) {}

    record Enumeration(String name, int size, boolean signed, List<Enumerator> enumerators, boolean c) implements Type {

        @Override
        public int weight() {
            return 128 + 64 * enumerators.size();
        }
    }

    record Enumerator(String name, long value) {}

    record Alias(String name, TypeReference target) implements Type {}

    /** {@code const}, {@code volatile}, {@code restrict}, {@code _Atomic}. */
    record Qualified(String qualifier, TypeReference target) implements Type {}

    record Subroutine(TypeReference result, List<TypeReference> parameters) implements Type {}

    record MemberPointer(TypeReference owner, TypeReference target, int size) implements Type {}

    record Unspecified(String name) implements Type {}

    /** The type void, or one of a file that is not here. */
    record Nothing() implements Type {}

    /** A type that is damaged, in a file that is not here, or of an unknown kind. */
    record Unknown(String reason) implements Type {}
}
