package dev.faultline.symbols.dwarf;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Where the members of a structure lie. Members of unnamed structures and unions inside count as its own, as in C.
 *
 * @param size of the structure in bytes
 * @param members by name
 */
public record StructLayout(long size, Map<String, Member> members) {

    public StructLayout {
        members = Map.copyOf(members);
    }

    /**
     * A member.
     *
     * @param offset from the start of the structure, in bytes
     * @param size in bytes; 0 where it is not known
     * @param pointer whether it is an address
     * @param layout of a member that is itself a structure or union
     * @param bitOffset of a bit field: bits from the least significant one of the byte at {@code offset}
     * @param bitSize 0: no bit field
     */
    public record Member(
            long offset,
            long size,
            boolean pointer,
            @Nullable StructLayout layout,
            int bitOffset,
            int bitSize) {

        /** One that is no bit field. */
        public Member(long offset, long size, boolean pointer, @Nullable StructLayout layout) {
            this(offset, size, pointer, layout, 0, 0);
        }

        /** The same, of a structure that lies inside of another one. */
        Member within(long outer) {
            return new Member(outer + offset, size, pointer, layout, bitOffset, bitSize);
        }
    }

    /** A member, or one of a member: {@code base.prio}; its offset counts from the start of this structure. */
    public Optional<Member> member(String path) {
        int dot = path.indexOf('.');
        var first = members.get(dot < 0 ? path : path.substring(0, dot));
        if (first == null || dot < 0) {
            return Optional.ofNullable(first);
        }
        return first.layout() == null
                ? Optional.empty()
                : first.layout().member(path.substring(dot + 1)).map(inner -> inner.within(first.offset()));
    }

    /** The offset of a member, or of one of a member. */
    public OptionalLong offset(String path) {
        var member = member(path);
        return member.isPresent() ? OptionalLong.of(member.get().offset()) : OptionalLong.empty();
    }
}
