package dev.faultline.symbols.dwarf;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.elf.ElfFile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds how structures of given names are laid out: the few that a kernel keeps its threads in, read once of a file. Goes
 * over the types of each unit until all names are found; what is damaged is left out.
 */
public final class StructLayouts {
    private static final int DW_TAG_POINTER_TYPE = 0x0f;
    private static final int DW_TAG_TYPEDEF = 0x16;
    private static final int DW_TAG_SUBRANGE_TYPE = 0x21;
    private static final int DW_TAG_BASE_TYPE = 0x24;

    /** Deepest nesting of structures, and longest chain of typedefs and qualifiers. */
    private static final int DEEPEST = 12;

    /** Most entries read for one structure: of hostile types that hold each other many times. */
    private static final int MOST_ENTRIES = 20_000;

    private static final int MOST_DAMAGE = 8;

    private final DebugInfo debugInfo;
    private final Limits limits;
    private final Set<String> wanted;
    private final Map<String, StructLayout> found = new HashMap<>();
    private final Attributes attributes = Attributes.withTypes();
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
        this.limits = limits;
        this.wanted = wanted;
    }

    /** The layouts of those of the structures, by tag or by typedef, that the file's debugging information defines. */
    public static Found read(ElfFile elf, Set<String> names, Limits limits) {
        try {
            var debugInfo = DebugInfo.open(elf, Companions.NONE, limits, text -> {});
            return new StructLayouts(debugInfo, limits, names).find();
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

    /** An entry of a unit: its tag, whether it has children, and its attributes in {@link #attributes}. */
    private @Nullable Abbreviation next(Unit unit, ByteReader in) {
        long code = in.uleb();
        if (code == 0) {
            return null;
        }
        var abbreviation = unit.abbreviations().get(code);
        if (abbreviation == null || abbreviation.kind == Abbreviation.UNKNOWN) {
            throw in.error("no known abbreviation %d", code);
        }
        attributes.read(abbreviation, in, unit.encoding());
        return abbreviation;
    }

    private void search(Unit unit) {
        var in = unit.bytes().seek(unit.header().firstEntry() - unit.offset());
        int depth = 0;
        while (in.hasRemaining()) {
            long at = in.position();
            var entry = next(unit, in);
            if (entry == null) {
                if (--depth <= 0) {
                    return;
                }
                continue;
            }
            if (isCandidate(entry.tag) && attributes.has(Attributes.NAME) && !attributes.has(Attributes.DECLARATION)) {
                consider(unit, at);
            }
            if (entry.children) {
                Limits.checkCount(in, "depth of entries", ++depth, limits.dieDepth());
            } else if (depth == 0) {
                return;
            }
        }
    }

    private static boolean isCandidate(int tag) {
        return tag == Abbreviation.DW_TAG_STRUCTURE_TYPE
                || tag == Abbreviation.DW_TAG_CLASS_TYPE
                || tag == Abbreviation.DW_TAG_UNION_TYPE
                || tag == DW_TAG_TYPEDEF;
    }

    private void consider(Unit unit, long at) {
        long handle = unit.text(attributes, Attributes.NAME);
        var name = handle == DebugTexts.NONE ? "" : debugInfo.texts().text(handle);
        if (!wanted.contains(name) || found.containsKey(name)) {
            return;
        }
        entries = 0;
        Type type;
        try {
            type = type(unit, at, 0);
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

    /** The type at {@code at} of a unit; follows typedefs and qualifiers. */
    private Type type(Unit unit, long at, int depth) {
        var in = unit.bytes().seek(at);
        var entry = next(unit, in);
        if (entry == null || depth > DEEPEST) {
            return Type.UNKNOWN;
        }
        long size = attributes.number(Attributes.BYTE_SIZE, 0);
        return switch (entry.tag) {
            case Abbreviation.DW_TAG_STRUCTURE_TYPE, Abbreviation.DW_TAG_CLASS_TYPE, Abbreviation.DW_TAG_UNION_TYPE ->
                new Type(size, false, entry.children ? layout(unit, in, size, depth) : null);
            case DW_TAG_POINTER_TYPE -> new Type(unit.encoding().addressSize(), true, null);
            case DW_TAG_BASE_TYPE, Abbreviation.DW_TAG_ENUMERATION_TYPE -> new Type(size, false, null);
            case Abbreviation.DW_TAG_ARRAY_TYPE -> array(unit, in, entry.children, depth);
            default -> referred(unit, depth);
        };
    }

    /** What the type attribute of the entry read last refers to. */
    private Type referred(Unit unit, int depth) {
        if (!attributes.has(Attributes.TYPE)) {
            return Type.UNKNOWN;
        }
        long number = attributes.number(Attributes.TYPE);
        return switch (attributes.form(Attributes.TYPE)) {
            case Form.REF1, Form.REF2, Form.REF4, Form.REF8, Form.REF_UDATA -> type(unit, number, depth + 1);
            case Form.REF_ADDR -> {
                var other = debugInfo.directory(unit.file()).at(number);
                yield other == null ? Type.UNKNOWN : type(other, number - other.offset(), depth + 1);
            }
            default -> Type.UNKNOWN; // a type unit: its size is all that would be known, and kernels are C
        };
    }

    private Type array(Unit unit, ByteReader in, boolean children, int depth) {
        var element = referred(unit, depth);
        long count = children ? 1 : 0;
        for (var entry = children ? next(unit, in) : null; entry != null; entry = next(unit, in)) {
            if (entry.tag == DW_TAG_SUBRANGE_TYPE) {
                long elements = attributes.has(Attributes.ELEMENTS)
                        ? attributes.number(Attributes.ELEMENTS)
                        : attributes.number(Attributes.UPPER_BOUND, -1) + 1;
                count = elements < 0 || elements > Integer.MAX_VALUE ? 0 : count * elements;
            }
            if (entry.children) {
                skipChildren(unit, in);
            }
        }
        long size = count > Integer.MAX_VALUE || element.size() > Integer.MAX_VALUE ? 0 : count * element.size();
        return new Type(size, false, element.layout()); // members of an array are those of its first element
    }

    private StructLayout layout(Unit unit, ByteReader in, long size, int depth) {
        var members = new HashMap<String, StructLayout.Member>();
        for (var entry = next(unit, in); entry != null; entry = next(unit, in)) {
            Limits.checkCount(in, "entries of one structure", ++entries, MOST_ENTRIES);
            if (entry.tag == Abbreviation.DW_TAG_MEMBER
                    && attributes.has(Attributes.TYPE)
                    && attributes.form(Attributes.MEMBER_LOCATION) != Attributes.UNREADABLE) {
                // without either it begins where the structure does, as those of a union
                long bits = attributes.number(Attributes.BIT_OFFSET, 0);
                long offset = attributes.number(Attributes.MEMBER_LOCATION, bits / Byte.SIZE);
                long handle = unit.text(attributes, Attributes.NAME);
                var type = referred(unit, depth);
                if (handle != DebugTexts.NONE) {
                    members.putIfAbsent(
                            debugInfo.texts().text(handle),
                            new StructLayout.Member(offset, type.size(), type.pointer(), type.layout()));
                } else if (type.layout() != null) {
                    type.layout()
                            .members()
                            .forEach((name, inner) -> members.putIfAbsent(
                                    name,
                                    new StructLayout.Member(
                                            offset + inner.offset(), inner.size(), inner.pointer(), inner.layout())));
                }
            }
            if (entry.children) {
                skipChildren(unit, in);
            }
        }
        return new StructLayout(size, members);
    }

    private void skipChildren(Unit unit, ByteReader in) {
        for (int depth = 1; depth > 0; ) {
            var entry = next(unit, in);
            Limits.checkCount(in, "entries of one structure", ++entries, MOST_ENTRIES);
            if (entry == null) {
                depth--;
            } else if (entry.children) {
                Limits.checkCount(in, "depth of entries", ++depth, limits.dieDepth());
            }
        }
    }
}
