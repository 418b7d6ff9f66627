package dev.faultline.symbols.dwarf;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the names of functions and inlined calls, for one thread: follows abstract origins and specifications, in the
 * unit, in others and in other files (DWARF 5, 2.13 and 3.3.8), and puts scopes before a name where no linkage name says
 * them.
 */
final class EntryNames {
    /** Names that are kept for further units, which may be instances of the same functions. */
    private static final int MOST_KNOWN = 1 << 17;

    private static final long MOST_SCOPE_BYTES = 8L << 20;

    /** A longer name is not one that somebody reads. */
    private static final int MOST_CHARACTERS = 1 << 14;

    private final DebugInfo debugInfo;
    private final Limits limits;
    private final Attributes attributes = new Attributes();

    private @Nullable Unit unit;
    private Scopes scopes = new Scopes();

    /** Scopes of the units that others refer to. */
    private final Map<Unit, Scopes> otherScopes = new HashMap<>();

    private long otherScopeBytes;

    private int known;
    private long[] keys = new long[1 << 10];
    private long[] names = new long[1 << 10];
    private long[] linkageNames = new long[1 << 10];

    /** The unit read last, open: mostly the next reference is into the same one. */
    private @Nullable Unit openUnit;

    private ByteReader openBytes = ByteReader.of("", new byte[0]);
    private @Nullable AbbreviationTable openTable;

    private long work;
    private long workLeft;
    private @Nullable String complaint;

    // where a reference leads
    private @Nullable Unit targetUnit;
    private long targetEntry;

    private long name;
    private long linkageName;

    EntryNames(DebugInfo debugInfo, Limits limits) {
        this.debugInfo = debugInfo;
        this.limits = limits;
    }

    /** Names the nodes that a walk found. */
    void name(Unit unit, EntryWalk walk, UnitCode code) {
        this.unit = unit;
        this.scopes = walk.scopes();
        work = 0;
        workLeft = debugInfo.nameWork().left();
        complaint = null;
        for (int node = 0; node < code.nodes(); node++) {
            resolve(unit, code.entry(node), walk.originForm(node), walk.origin(node));
            code.setNames(node, name, linkageName);
        }
        debugInfo.nameWork().spend(work);
        if (complaint != null) {
            debugInfo.report(complaint);
        }
        if (known > MOST_KNOWN) {
            forget();
        }
    }

    private void forget() {
        known = 0;
        keys = new long[1 << 10];
        names = new long[1 << 10];
        linkageNames = new long[1 << 10];
    }

    private void resolve(Unit of, long entry, int originForm, long origin) {
        name = DebugTexts.NONE;
        linkageName = DebugTexts.NONE;
        try {
            if (originForm == 0) {
                targetUnit = of;
                targetEntry = entry;
            } else {
                go(of, originForm, origin);
            }
            var start = targetUnit;
            if (start == null) {
                return; // in a file that is not here
            }
            long key = start.key(targetEntry);
            int place = place(key);
            if (keys[place] == key) {
                name = names[place];
                linkageName = linkageNames[place];
                return;
            }
            follow(start, targetEntry);
            remember(key);
        } catch (FormatException e) {
            // the reference of one entry is damaged, not the unit
            complaint = complaint == null ? String.valueOf(e.getMessage()) : complaint;
        }
    }

    private void follow(Unit start, long entry) {
        Unit at = start;
        long offset = entry;
        Unit namedIn = start;
        long namedAt = entry;
        for (int i = 0; i < limits.referenceChain(); i++) {
            read(at, offset);
            if (name == DebugTexts.NONE && attributes.has(Attributes.NAME)) {
                name = at.text(attributes, Attributes.NAME);
            }
            if (linkageName == DebugTexts.NONE && attributes.has(Attributes.LINKAGE_NAME)) {
                linkageName = at.text(attributes, Attributes.LINKAGE_NAME);
            }
            // a specification stands inside its class, its definition outside: the last one says where the name belongs
            namedIn = at;
            namedAt = offset;
            int slot =
                    attributes.has(Attributes.ABSTRACT_ORIGIN) ? Attributes.ABSTRACT_ORIGIN : Attributes.SPECIFICATION;
            boolean complete = name != DebugTexts.NONE && linkageName != DebugTexts.NONE;
            if (complete || !attributes.has(slot)) {
                break;
            }
            go(at, attributes.form(slot), attributes.number(slot));
            var next = targetUnit;
            if (next == null) {
                break;
            }
            at = next;
            offset = targetEntry;
        }
        if (name == DebugTexts.NONE) {
            name = linkageName;
            linkageName = DebugTexts.NONE;
        } else if (linkageName == DebugTexts.NONE) {
            name = qualified(namedIn, namedAt);
        } else if (name == linkageName
                || (!mangles(start.language()) && debugInfo.sectionTexts().same(name, linkageName))) {
            linkageName = DebugTexts.NONE;
        }
    }

    /** Reads the attributes of an entry of any unit; gives its tag. */
    private int read(Unit of, long entry) {
        var abbreviation = open(of, entry);
        long start = openBytes.position();
        if (workLeft < work) {
            throw debugInfo.nameWork().exceeded(openBytes);
        }
        attributes.read(abbreviation, openBytes, of.encoding());
        work += openBytes.position() - start;
        return abbreviation.tag;
    }

    private Abbreviation open(Unit of, long entry) {
        var table = openTable;
        if (of != openUnit || table == null) {
            table = of.abbreviations();
            openTable = table;
            openBytes = of.bytes();
            openUnit = of;
        }
        long code = openBytes.seek(entry - of.offset()).uleb();
        var abbreviation = table.get(code);
        if (abbreviation == null || abbreviation.kind == Abbreviation.UNKNOWN) {
            throw openBytes.error("no known abbreviation %d for the entry that another refers to", code);
        }
        return abbreviation;
    }

    /** Finds what a reference means; no unit where that is in a file that is not here. */
    private void go(Unit from, int form, long number) {
        targetEntry = number;
        targetUnit = switch (form) {
            case Form.REF1, Form.REF2, Form.REF4, Form.REF8, Form.REF_UDATA -> {
                targetEntry = from.offset() + number;
                if (!from.header().contains(targetEntry)) {
                    throw from.bytes().error("reference to 0x%x outside of the unit", number);
                }
                yield from;
            }
            case Form.REF_ADDR -> {
                if (from.header().contains(number)) {
                    yield from;
                }
                var found = debugInfo.directory(from.file()).at(number);
                if (found == null) {
                    throw from.bytes().error("reference to 0x%x, where no unit is", number);
                }
                yield found;
            }
            case Form.REF_SIG8 -> {
                var found = debugInfo.typeUnit(from.file(), number);
                targetEntry =
                        found == null ? 0 : found.offset() + found.header().typeAt();
                yield found;
            }
            case Form.GNU_REF_ALT, Form.REF_SUP4, Form.REF_SUP8 -> {
                var alternate = debugInfo.alternate();
                if (alternate == null) {
                    yield null;
                }
                var found = alternate.at(number);
                if (found == null) {
                    throw alternate.file().info().error("reference to 0x%x, where no unit is", number);
                }
                yield found;
            }
            default -> null;
        };
    }

    /** The name with the namespaces and classes around it. */
    private long qualified(Unit of, long entry) {
        if (!hasScopes(of.language())) {
            return name;
        }
        var around = of == unit ? scopes : otherScopes(of);
        int scope = around.around(entry);
        if (scope == Scopes.NONE) {
            return name;
        }
        String prefix = prefix(of, around, scope);
        if (prefix.isEmpty()) {
            return name;
        }
        String text = prefix + debugInfo.texts().text(name);
        long composed = text.length() > MOST_CHARACTERS
                ? DebugTexts.NONE
                : debugInfo.sectionTexts().compose(text);
        return composed == DebugTexts.NONE ? name : composed;
    }

    /** Whether functions of a language may be inside of something; those of C and assembly are not. */
    private static boolean hasScopes(int language) {
        return switch (language) {
            case 0x01, 0x02, 0x0c, 0x1d, 0x2c, 0x3e, 0x8001, 0x31 -> false;
            default -> true;
        };
    }

    /** Whether the linker's names of a language are never the source's: C++, Rust. Comparing them takes its time. */
    private static boolean mangles(int language) {
        return switch (language) {
            case 0x04, 0x1a, 0x1c, 0x21, 0x2b, 0x3a -> true;
            default -> false;
        };
    }

    private Scopes otherScopes(Unit of) {
        var kept = otherScopes.get(of);
        if (kept != null) {
            return kept;
        }
        work += of.end() - of.offset();
        var walk = new EntryWalk(debugInfo, limits);
        try {
            walk.walkScopes(of);
        } catch (FormatException e) {
            complaint = complaint == null ? String.valueOf(e.getMessage()) : complaint;
        }
        var found = walk.scopes();
        if (otherScopeBytes + found.weight() > MOST_SCOPE_BYTES) {
            otherScopes.clear();
            otherScopeBytes = 0;
        }
        otherScopes.put(of, found);
        otherScopeBytes += found.weight();
        return found;
    }

    /** What a scope and those around it put before a name: {@code net::Ring::}. */
    private String prefix(Unit of, Scopes in, int scope) {
        String known = in.prefix(scope);
        if (known != null) {
            return known;
        }
        // from the inside out: the nest may be deeper than the stack
        var prefix = new StringBuilder();
        for (int at = scope; at != Scopes.NONE && prefix.length() <= MOST_CHARACTERS; at = in.parent(at)) {
            prefix.insert(0, own(of, in.entry(at)));
        }
        String text = prefix.toString();
        in.setPrefix(scope, text);
        return text;
    }

    private String own(Unit of, long entry) {
        int tag = read(of, entry);
        long scopeName = of.text(attributes, Attributes.NAME);
        if (scopeName == DebugTexts.NONE && attributes.form(Attributes.SIGNATURE) == Form.REF_SIG8) {
            // a class of a type unit is declared in each unit that has a function of it, without a name
            go(of, Form.REF_SIG8, attributes.number(Attributes.SIGNATURE));
            var typeUnit = targetUnit;
            if (typeUnit != null) {
                tag = read(typeUnit, targetEntry);
                scopeName = typeUnit.text(attributes, Attributes.NAME);
            }
        }
        if (scopeName != DebugTexts.NONE) {
            return debugInfo.texts().text(scopeName) + "::";
        }
        return tag == DwarfNames.DW_TAG_NAMESPACE ? "(anonymous namespace)::" : "";
    }

    private void remember(long key) {
        if (2 * (known + 1) > keys.length) {
            rehash();
        }
        int place = place(key);
        keys[place] = key;
        names[place] = name;
        linkageNames[place] = linkageName;
        known++;
    }

    private void rehash() {
        long[] oldKeys = keys;
        long[] oldNames = names;
        long[] oldLinkageNames = linkageNames;
        keys = new long[2 * oldKeys.length];
        names = new long[2 * oldKeys.length];
        linkageNames = new long[2 * oldKeys.length];
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != 0) {
                int place = place(oldKeys[i]);
                keys[place] = oldKeys[i];
                names[place] = oldNames[i];
                linkageNames[place] = oldLinkageNames[i];
            }
        }
    }

    /** Where a key is, or would be: open addressing; no key is 0. */
    private int place(long key) {
        int mask = keys.length - 1;
        int place = (int) ((key * 0x9e3779b97f4a7c15L) >>> 40) & mask;
        while (keys[place] != 0 && keys[place] != key) {
            place = (place + 1) & mask;
        }
        return place;
    }
}
