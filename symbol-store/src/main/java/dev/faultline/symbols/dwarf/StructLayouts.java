package dev.faultline.symbols.dwarf;

import static dev.faultline.symbols.dwarf.DwarfNames.*;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.elf.ElfFile;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds how structures are laid out, by their own names or by that of a variable of such a type: the few that a kernel keeps
 * its threads in, read once of a file. Goes
 * over the types of each unit until all names are found; what is damaged is left out.
 */
public final class StructLayouts {
    private static final int DW_OP_PLUS_UCONST = 0x23;

    /** Deepest nesting of structures, and longest chain of typedefs and qualifiers. */
    private static final int DEEPEST = 12;

    /** Most entries read for one structure: of hostile types that hold each other many times. */
    private static final int MOST_ENTRIES = 20_000;

    /** Most bytes of types that may be read of one file. */
    private static final long MOST_WORK = 1L << 30;

    private static final int MOST_DAMAGE = 8;

    private final DebugInfo debugInfo;
    private final EntryReader reader;
    private final Limits limits;
    private final Set<String> wanted;
    private final Map<String, StructLayout> found = new HashMap<>();
    private final Attributes attributes = new Attributes();
    private final List<String> damage = new ArrayList<>();
    private int entries;

    /**
     * What a file defines.
     *
     * @param layouts by name
     * @param damage the first of what of its types could not be read, where
     */
    public record Found(Map<String, StructLayout> layouts, List<String> damage) {

        public Found {
            layouts = Map.copyOf(layouts);
            damage = List.copyOf(damage);
        }
    }

    private StructLayouts(DebugInfo debugInfo, Limits limits, Set<String> wanted) {
        this.debugInfo = debugInfo;
        this.reader = debugInfo.entries(MOST_WORK);
        this.limits = limits;
        this.wanted = wanted;
    }

    /** The layouts of those of the structures, by tag, by typedef or by variable, that the file's debugging information defines. */
    public static Found read(ElfFile elf, Set<String> names, Limits limits) {
        try {
            return new StructLayouts(DebugInfo.openWhole(elf, Companions.NONE, limits), limits, names).find();
        } catch (FormatException e) {
            return new Found(Map.of(), List.of(String.valueOf(e.getMessage())));
        }
    }

    private Found find() {
        for (var unit : debugInfo.units()) {
            if (found.size() == wanted.size()) {
                break;
            }
            try {
                if (unit.root().failure() == null) {
                    var split = debugInfo.split(unit);
                    search(split == null ? unit : split);
                }
            } catch (FormatException e) {
                say(e); // another unit may define the same structures
            }
        }
        return new Found(found, damage);
    }

    /** Looks at no more than the names of entries, of which most are others. */
    private void search(Unit unit) {
        var in = unit.bytes().seek(unit.header().firstEntry() - unit.offset());
        var table = unit.abbreviations();
        int depth = 0;
        while (in.hasRemaining()) {
            long at = unit.sectionOffset(in.position());
            long code = in.uleb();
            if (code == 0) {
                if (--depth <= 0) {
                    return;
                }
                continue;
            }
            var abbreviation = table.get(code);
            if (abbreviation == null || abbreviation.kind == Abbreviation.UNKNOWN) {
                throw in.error("no known abbreviation %d", code);
            }
            attributes.read(abbreviation, in, unit.encoding());
            if (isCandidate(abbreviation.tag) && attributes.has(Attributes.NAME)) {
                consider(unit, at);
            }
            if (abbreviation.children) {
                Limits.checkCount(in, "depth of entries", ++depth, limits.dieDepth());
            } else if (depth == 0) {
                return;
            }
        }
    }

    private static boolean isCandidate(int tag) {
        return isStructure(tag) || tag == DW_TAG_TYPEDEF || tag == DW_TAG_VARIABLE;
    }

    private static boolean isStructure(int tag) {
        return tag == DW_TAG_STRUCTURE_TYPE || tag == DW_TAG_CLASS_TYPE || tag == DW_TAG_UNION_TYPE;
    }

    private void consider(Unit unit, long at) {
        String name = reader.text(unit.text(attributes, Attributes.NAME));
        if (!wanted.contains(name) || found.containsKey(name)) {
            return;
        }
        entries = 0;
        Type type;
        try {
            var entry = reader.at(unit, at);
            if (entry.flag(DW_AT_DECLARATION)) {
                return;
            }
            type = type(entry, 0);
        } catch (FormatException e) {
            say(e); // another unit may have a whole definition
            return;
        }
        if (type.layout() != null && !type.layout().members().isEmpty()) {
            found.put(name, type.layout());
        }
    }

    private void say(FormatException e) {
        if (damage.size() < MOST_DAMAGE) {
            damage.add(String.valueOf(e.getMessage()));
        }
    }

    private record Type(
            long size, boolean pointer, @Nullable StructLayout layout) {
        static final Type UNKNOWN = new Type(0, false, null);
    }

    /** The type of an entry; follows typedefs and qualifiers. */
    private Type type(Entry entry, int depth) {
        if (depth > DEEPEST) {
            return Type.UNKNOWN;
        }
        long size = entry.constant(DW_AT_BYTE_SIZE).orElse(0);
        int tag = entry.tag();
        if (isStructure(tag)) {
            return new Type(size, false, entry.hasChildren() ? layout(entry, size, depth) : null);
        }
        return switch (tag) {
            case DW_TAG_POINTER_TYPE -> new Type(entry.unit().encoding().addressSize(), true, null);
            case DW_TAG_BASE_TYPE, DW_TAG_ENUMERATION_TYPE -> new Type(size, false, null);
            case DW_TAG_ARRAY_TYPE -> array(entry, depth);
            default -> referred(entry, depth);
        };
    }

    private Type referred(Entry entry, int depth) {
        return entry.reference(DW_AT_TYPE).map(type -> type(type, depth + 1)).orElse(Type.UNKNOWN);
    }

    private Type array(Entry entry, int depth) {
        var element = referred(entry, depth);
        long count = entry.hasChildren() ? 1 : 0;
        for (var dimension : entry.children()) {
            if (dimension.tag() == DW_TAG_SUBRANGE_TYPE) {
                long elements = dimension
                        .constant(DW_AT_COUNT)
                        .orElseGet(() -> dimension.constant(DW_AT_UPPER_BOUND).orElse(-1) + 1);
                count = elements < 0 || elements > Integer.MAX_VALUE ? 0 : count * elements;
            }
        }
        long size = count > Integer.MAX_VALUE || element.size() > Integer.MAX_VALUE ? 0 : count * element.size();
        return new Type(size, false, element.layout()); // members of an array are those of its first element
    }

    private StructLayout layout(Entry structure, long size, int depth) {
        var members = new HashMap<String, StructLayout.Member>();
        for (var member : structure.children()) {
            Limits.checkCount(
                    reader.bytes(member.unit(), member.offset() - member.unit().offset()),
                    "entries of one structure",
                    ++entries,
                    MOST_ENTRIES);
            if (member.tag() == DW_TAG_MEMBER && member.has(DW_AT_TYPE)) {
                add(members, member, depth);
            }
        }
        return new StructLayout(size, members);
    }

    private void add(Map<String, StructLayout.Member> members, Entry member, int depth) {
        var place = offset(member);
        if (place.isEmpty()) {
            return;
        }
        long offset = place.getAsLong();
        String name = member.text(DW_AT_NAME);
        var type = referred(member, depth);
        if (!name.isEmpty()) {
            members.putIfAbsent(name, member(member, offset, type));
        } else if (type.layout() != null) {
            type.layout().members().forEach((inner, of) -> members.putIfAbsent(inner, of.within(offset)));
        }
    }

    private static StructLayout.Member member(Entry member, long offset, Type type) {
        int bits = Math.clamp(member.constant(DW_AT_BIT_SIZE).orElse(0), 0, Long.SIZE);
        if (bits == 0) {
            return new StructLayout.Member(offset, type.size(), type.pointer(), type.layout());
        }
        long shift = member.constant(DW_AT_DATA_BIT_OFFSET).orElse(0);
        if (!member.has(DW_AT_DATA_BIT_OFFSET) && member.has(DW_AT_BIT_OFFSET)) {
            // DWARF 2 counts from the most significant bit of the storage unit (DWARF 4, 5.5.6)
            long fromTop = member.constant(DW_AT_BIT_OFFSET).orElse(0);
            boolean little = member.unit().bytes().order() == ByteOrder.LITTLE_ENDIAN;
            shift = little ? Byte.SIZE * type.size() - fromTop - bits : fromTop;
            offset += Math.floorDiv(shift, Byte.SIZE);
        }
        return new StructLayout.Member(offset, type.size(), false, null, Math.floorMod(shift, Byte.SIZE), bits);
    }

    /**
     * DWARF 2 and 3 have it as an expression, which adds a constant (DWARF 2, 5.6.6); empty for any other one. Without either
     * a member begins where the structure does, as those of a union.
     */
    private static OptionalLong offset(Entry member) {
        var expression = member.block(DW_AT_DATA_MEMBER_LOCATION);
        if (expression.isEmpty()) {
            long bits = member.constant(DW_AT_DATA_BIT_OFFSET).orElse(0);
            return OptionalLong.of(member.constant(DW_AT_DATA_MEMBER_LOCATION).orElse(bits / Byte.SIZE));
        }
        var in = ByteReader.of("location of a member", expression.get());
        return in.u8() == DW_OP_PLUS_UCONST ? OptionalLong.of(in.uleb()) : OptionalLong.empty();
    }
}
