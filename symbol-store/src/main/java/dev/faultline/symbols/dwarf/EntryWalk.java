package dev.faultline.symbols.dwarf;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Goes once over the entries of a unit and keeps functions, calls inlined into them, and the scopes around. Nearly all
 * entries are about types and variables: reading past them is what takes the time, so that there is no object for an
 * entry, and one addition where all entries of a kind have the same size.
 */
final class EntryWalk {
    /** No function around: its instances have no code, or there is none. */
    private static final int NONE = UnitCode.NONE;

    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    private static final ValueLayout.OfInt INT_LITTLE =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT_BIG = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final DebugInfo debugInfo;
    private final Limits limits;
    private final RangeReader ranges;
    private final Attributes attributes = new Attributes();
    private final Scopes scopes = new Scopes();

    /** What was around each open entry: a node of the unit's code, and a scope. */
    private int[] nodesAround = new int[64];

    private int[] scopesAround = new int[64];

    /** Inlined calls around each node. */
    private int[] inlineDepths = new int[64];

    /** The reference to what each node is an instance of; form 0: it has names of its own. */
    private int[] originForms = new int[64];

    private long[] origins = new long[64];

    private long calls;
    private long callsLeft;

    private boolean tooDeep;
    private @Nullable String brokenRanges;

    EntryWalk(DebugInfo debugInfo, Limits limits) {
        this.debugInfo = debugInfo;
        this.limits = limits;
        this.ranges = new RangeReader(debugInfo.ranges());
    }

    /** The scopes of the unit walked last. */
    Scopes scopes() {
        return scopes;
    }

    /** The form of the reference to what a node is an instance of; 0: it has names of its own. */
    int originForm(int node) {
        return originForms[node];
    }

    long origin(int node) {
        return origins[node];
    }

    /** Finds only the scopes of a unit. */
    void walkScopes(Unit unit) {
        scopes.clear();
        entries(unit, null);
    }

    /** Fills in the nodes of a unit, their names left out. What is behind damage is left out as well. */
    void walk(Unit unit, UnitCode code) {
        scopes.clear();
        tooDeep = false;
        brokenRanges = null;
        calls = 0;
        callsLeft = debugInfo.inlinedCalls().left();
        try {
            entries(unit, code);
        } finally {
            debugInfo.inlinedCalls().spend(calls);
            if (tooDeep) {
                debugInfo.report("%s at 0x%x: inlined calls more than %d deep are left out"
                        .formatted(unit.bytes().name(), unit.offset(), limits.inlineDepth()));
            }
            if (brokenRanges != null) {
                debugInfo.report(brokenRanges);
            }
        }
    }

    private void entries(Unit unit, @Nullable UnitCode code) {
        var in = unit.bytes();
        MemorySegment bytes = in.segment();
        var table = unit.abbreviations();
        @Nullable Abbreviation[] dense = table.dense();
        boolean little = in.order() == ByteOrder.LITTLE_ENDIAN;
        long unitOffset = unit.offset();
        long end = bytes.byteSize();
        long at = unit.header().firstEntry() - unitOffset;
        int depth = 0;
        int node = NONE;
        int scope = Scopes.NONE;
        while (at < end) {
            long entry = at;
            int first = bytes.get(BYTE, at++);
            if (first == 0) {
                if (depth <= 1) {
                    return;
                }
                depth--;
                node = nodesAround[depth];
                if (scope != scopesAround[depth]) {
                    scope = scopes.close(scope, unitOffset + at);
                }
                continue;
            }
            Abbreviation abbreviation;
            if (first > 0) {
                abbreviation = dense[first];
            } else {
                long value = in.seek(entry).uleb();
                at = in.position();
                abbreviation = table.get(value);
            }
            if (abbreviation == null) {
                throw in.seek(entry).error("no abbreviation");
            }
            int innerNode = node;
            int innerScope = scope;
            switch (abbreviation.kind) {
                case Abbreviation.PLAIN -> at = skip(abbreviation, bytes, at, in, unit);
                case Abbreviation.CLOSED -> {
                    if (abbreviation.tag == DwarfNames.DW_TAG_SUBPROGRAM) {
                        scopes.use(scope);
                    }
                    if (abbreviation.siblingAt >= 0 && abbreviation.children) {
                        long sibling = sibling(bytes, at + abbreviation.siblingAt, little, in);
                        if (sibling > at && sibling <= end) {
                            at = sibling;
                            continue;
                        }
                    }
                    at = skip(abbreviation, bytes, at, in, unit);
                    innerNode = NONE;
                }
                case Abbreviation.SCOPE -> {
                    at = skip(abbreviation, bytes, at, in, unit);
                    if (abbreviation.children) {
                        innerScope = scopes.open(scope, unitOffset + entry);
                    }
                }
                case Abbreviation.ABSTRACT -> {
                    scopes.use(scope);
                    at = skip(abbreviation, bytes, at, in, unit);
                    innerNode = NONE;
                }
                case Abbreviation.FUNCTION -> {
                    scopes.use(scope);
                    if (code == null) {
                        at = skip(abbreviation, bytes, at, in, unit);
                    } else {
                        attributes.read(abbreviation, in.seek(at), unit.encoding());
                        at = in.position();
                        innerNode = function(unit, unitOffset + entry, code);
                    }
                }
                case Abbreviation.CALL -> {
                    if (node == NONE || code == null) {
                        at = skip(abbreviation, bytes, at, in, unit);
                    } else {
                        attributes.read(abbreviation, in.seek(at), unit.encoding());
                        at = in.position();
                        innerNode = call(unit, unitOffset + entry, node, code);
                    }
                }
                default -> throw in.seek(entry).error("entry of an unknown form: tag 0x%x", abbreviation.tag);
            }
            if (abbreviation.children) {
                if (depth == nodesAround.length) {
                    deeper(in.seek(entry), depth);
                }
                nodesAround[depth] = node;
                scopesAround[depth] = scope;
                depth++;
                node = innerNode;
                scope = innerScope;
            } else if (depth == 0) {
                return;
            }
        }
        if (at > end) {
            throw in.seek(end).error("an entry runs over the end of its unit");
        }
    }

    private void deeper(ByteReader at, int depth) {
        Limits.checkCount(at, "depth of entries", depth + 1L, limits.dieDepth());
        int capacity = Math.min(2 * depth, limits.dieDepth());
        nodesAround = Arrays.copyOf(nodesAround, capacity);
        scopesAround = Arrays.copyOf(scopesAround, capacity);
    }

    /** The offset of the next sibling in the unit; one that lies outside of it is no sibling. */
    private static long sibling(MemorySegment bytes, long at, boolean little, ByteReader in) {
        if (at > bytes.byteSize() - Integer.BYTES) {
            throw in.seek(bytes.byteSize()).error("an entry runs over the end of its unit");
        }
        return Integer.toUnsignedLong(bytes.get(little ? INT_LITTLE : INT_BIG, at));
    }

    /** Where the entry ends whose attributes start at {@code at}; may lie behind the unit's end. */
    private static long skip(Abbreviation abbreviation, MemorySegment bytes, long at, ByteReader in, Unit unit) {
        return abbreviation.size >= 0 ? at + abbreviation.size : skipSteps(abbreviation.steps, bytes, at, in, unit);
    }

    private static long skipSteps(int[] steps, MemorySegment bytes, long start, ByteReader in, Unit unit) {
        long size = bytes.byteSize();
        long at = start;
        for (int step : steps) {
            if (step >= 0) {
                at += step;
                continue;
            }
            if (at >= size) {
                throw in.seek(size).error("an entry runs over the end of its unit");
            }
            switch (step) {
                case Abbreviation.STEP_LEB -> {
                    while (bytes.get(BYTE, at++) < 0) {
                        if (at >= size) {
                            throw in.seek(size).error("a number runs over the end of its unit");
                        }
                    }
                }
                case Abbreviation.STEP_STRING -> {
                    while (bytes.get(BYTE, at++) != 0) {
                        if (at >= size) {
                            throw in.seek(size).error("a text runs over the end of its unit");
                        }
                    }
                }
                case Abbreviation.STEP_BLOCK1 -> at += 1 + (bytes.get(BYTE, at) & 0xff);
                case Abbreviation.STEP_BLOCK -> {
                    int length = bytes.get(BYTE, at);
                    if (length >= 0) {
                        at += 1 + length;
                    } else {
                        in.seek(at).skip(in.uleb());
                        at = in.position();
                    }
                }
                case Abbreviation.STEP_BLOCK2 -> {
                    in.seek(at).skip(in.u16());
                    at = in.position();
                }
                case Abbreviation.STEP_BLOCK4 -> {
                    in.seek(at).skip(in.u32());
                    at = in.position();
                }
                default -> {
                    Attributes.skipIndirect(in.seek(at), unit.encoding());
                    at = in.position();
                }
            }
        }
        return at;
    }

    /** A function of its own, wherever it stands; {@link #NONE} for one without code. */
    private int function(Unit unit, long entry, UnitCode code) {
        int node = code.addNode(NONE, entry);
        if (!readRanges(unit, code)) {
            return NONE;
        }
        code.setCall(node, UnitCode.NONE, number(Attributes.DECLARATION_LINE, 0), 0);
        remember(node, 0);
        return node;
    }

    /** A call inlined into {@code around}; that itself for a level that has no code of its own. */
    private int call(Unit unit, long entry, int around, UnitCode code) {
        int depth = inlineDepths[around] + 1;
        if (depth > limits.inlineDepth()) {
            tooDeep = true;
            return around;
        }
        int node = code.addNode(around, entry);
        if (!readRanges(unit, code)) {
            return around;
        }
        if (++calls > callsLeft) {
            code.dropNode();
            throw debugInfo.inlinedCalls().exceeded(unit.bytes());
        }
        // kept as the file has them: the line table says which path a number is
        code.setCall(
                node,
                number(Attributes.CALL_FILE, UnitCode.NONE),
                number(Attributes.CALL_LINE, 0),
                number(Attributes.CALL_COLUMN, 0));
        remember(node, depth);
        return node;
    }

    private int number(int slot, int otherwise) {
        long number = attributes.number(slot, otherwise);
        return number >= 0 && number <= Integer.MAX_VALUE ? (int) number : otherwise;
    }

    /** Gives the last node its ranges; one without any is none. */
    private boolean readRanges(Unit unit, UnitCode code) {
        int node = code.nodes() - 1;
        try {
            ranges.read(unit, attributes, code);
            if (code.firstRange(node) < code.endRange(node)) {
                return true;
            }
        } catch (FormatException e) {
            // the list of one entry is damaged, not the unit
            brokenRanges = brokenRanges == null ? String.valueOf(e.getMessage()) : brokenRanges;
        }
        code.dropNode();
        return false;
    }

    /** Where the names of a node are: at the entry itself, or at what it is an instance of. */
    private void remember(int node, int depth) {
        if (node == originForms.length) {
            originForms = Arrays.copyOf(originForms, 2 * node);
            origins = Arrays.copyOf(origins, 2 * node);
            inlineDepths = Arrays.copyOf(inlineDepths, 2 * node);
        }
        boolean named = attributes.has(Attributes.NAME) || attributes.has(Attributes.LINKAGE_NAME);
        int slot = named || !attributes.has(Attributes.ABSTRACT_ORIGIN)
                ? Attributes.SPECIFICATION
                : Attributes.ABSTRACT_ORIGIN;
        originForms[node] = named ? 0 : attributes.form(slot);
        origins[node] = attributes.number(slot, 0);
        inlineDepths[node] = depth;
    }
}
