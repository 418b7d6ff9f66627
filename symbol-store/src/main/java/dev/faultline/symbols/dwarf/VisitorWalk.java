package dev.faultline.symbols.dwarf;

import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.elf.ElfFile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Walks {@code .debug_info}: every function with code of its own, with the calls inlined into it, and every line table. A
 * unit that is broken or uses an unknown form is left out with a diagnostic; the others stand.
 */
final class VisitorWalk {
    private final DebugSections sections;
    private final Limits limits;
    private final DebugInfo.Visitor visitor;
    private final Map<Long, Abbreviations> abbreviations = new HashMap<>();
    private final TreeMap<Long, CompilationUnit> units = new TreeMap<>();
    private final Map<Long, FunctionName> names = new HashMap<>();

    private VisitorWalk(DebugSections sections, Limits limits, DebugInfo.Visitor visitor) {
        this.sections = sections;
        this.limits = limits;
        this.visitor = visitor;
    }

    /** Reads a file without debugging information as well: then nothing is found. */
    static void read(ElfFile elf, Limits limits, DebugInfo.Visitor visitor) {
        new VisitorWalk(new DebugSections(elf, limits), limits, visitor).read();
    }

    private void read() {
        findUnits();
        for (var unit : units.values()) {
            guarded(() -> collectNames(unit));
        }
        for (var unit : units.values()) {
            visitor.unit(unit.unit().version(), unit.name());
            var lines = new LineTable[1];
            guarded(() -> unit.lines().ifPresent(table -> {
                lines[0] = table;
                table.sequences().forEach(visitor::lines);
            }));
            guarded(() -> walk(unit, lines[0]));
        }
    }

    private void findUnits() {
        var in = sections.info();
        while (in.hasRemaining()) {
            long end;
            try {
                end = UnitHeader.end(in);
            } catch (FormatException e) {
                // without a length the next unit can not be found
                visitor.diagnostic(String.valueOf(e.getMessage()));
                return;
            }
            guarded(() -> {
                var unit = UnitHeader.read(in);
                units.put(unit.offset(), CompilationUnit.read(sections, unit, abbreviations(unit.abbreviationsAt())));
            });
            in.seek(end);
            if (units.size() > limits.units()) {
                visitor.diagnostic("more than %d units; the others are left out".formatted(limits.units()));
                return;
            }
        }
    }

    private void guarded(Runnable step) {
        try {
            step.run();
        } catch (FormatException e) {
            visitor.diagnostic(String.valueOf(e.getMessage()));
        }
    }

    private Abbreviations abbreviations(long offset) {
        var known = abbreviations.get(offset);
        if (known == null) {
            known = Abbreviations.read(sections.abbreviations().seek(offset), limits);
            abbreviations.put(offset, known);
        }
        return known;
    }

    /** A function's own words for itself, and where more of them may stand. */
    private record FunctionName(
            @Nullable String qualified, @Nullable String linkage, long abstractOrigin, long specification) {}

    /** Concrete functions and inlined calls refer to entries of any unit by offset: names come first. */
    private void collectNames(CompilationUnit unit) {
        var entry = unit.entries();
        var scopes = new ArrayList<String>();
        while (entry.next()) {
            if (entry.isEnd()) {
                if (!scopes.isEmpty()) {
                    scopes.removeLast();
                }
                continue;
            }
            if (entry.tag() == Entry.DW_TAG_SUBPROGRAM) {
                names.put(entry.offset(), functionName(unit, entry, scopes));
            }
            if (entry.hasChildren()) {
                Limits.checkCount(sections.info(), "depth of entries", scopes.size() + 1L, limits.dieDepth());
                scopes.add(scope(unit, entry));
            }
        }
    }

    private static FunctionName functionName(CompilationUnit unit, Entry entry, List<String> scopes) {
        String name = unit.string(entry.name);
        String qualified = name == null ? null : String.join("", scopes) + name;
        return new FunctionName(qualified, unit.string(entry.linkageName), entry.abstractOrigin, entry.specification);
    }

    /** What an entry puts before the names of its children: {@code net::} for a namespace or class, else nothing. */
    private static String scope(CompilationUnit unit, Entry entry) {
        return switch (entry.tag()) {
            case Entry.DW_TAG_NAMESPACE,
                    Entry.DW_TAG_CLASS_TYPE,
                    Entry.DW_TAG_STRUCTURE_TYPE,
                    Entry.DW_TAG_UNION_TYPE -> {
                String name = unit.string(entry.name);
                yield name == null
                        ? entry.tag() == Entry.DW_TAG_NAMESPACE ? "(anonymous namespace)::" : ""
                        : name + "::";
            }
            default -> "";
        };
    }

    /** A function or inlined call while its children are read. */
    private static final class Open {
        final @Nullable Open around;
        final int depth;
        final Names names;
        final List<AddressSpan> ranges;
        final @Nullable String callFile;
        final int callLine;
        final int callColumn;
        final List<InlinedCall> calls = new ArrayList<>();

        Open(
                @Nullable Open around,
                Names names,
                List<AddressSpan> ranges,
                @Nullable String callFile,
                int callLine,
                int callColumn) {
            this.around = around;
            this.depth = around == null ? 0 : around.depth + 1;
            this.names = names;
            this.ranges = ranges;
            this.callFile = callFile;
            this.callLine = callLine;
            this.callColumn = callColumn;
        }
    }

    private record Names(String name, @Nullable String linkage) {}

    /** An open entry with children: what it opened itself, and what was open around it. */
    private record Level(@Nullable Open opened, @Nullable Open before) {}

    private void walk(CompilationUnit unit, @Nullable LineTable lines) {
        var entry = unit.entries();
        var nesting = new ArrayList<Level>();
        Open open = null;
        while (entry.next()) {
            if (entry.isEnd()) {
                if (!nesting.isEmpty()) {
                    Level level = nesting.removeLast();
                    close(level.opened());
                    open = level.before();
                }
                continue;
            }
            Open opened = null;
            if (entry.tag() == Entry.DW_TAG_SUBPROGRAM) {
                opened = function(unit, entry);
            } else if (entry.tag() == Entry.DW_TAG_INLINED_SUBROUTINE && open != null) {
                opened = inlinedCall(unit, entry, open, lines);
            }
            if (!entry.hasChildren()) {
                close(opened);
                continue;
            }
            Limits.checkCount(sections.info(), "depth of entries", nesting.size() + 1L, limits.dieDepth());
            nesting.add(new Level(opened, open));
            // an abstract instance has no code: what is inlined in it is no part of the function around
            open = opened != null || entry.tag() == Entry.DW_TAG_SUBPROGRAM ? opened : open;
        }
    }

    private @Nullable Open function(CompilationUnit unit, Entry entry) {
        var ranges = unit.ranges(entry);
        if (ranges.isEmpty()) {
            return null;
        }
        return new Open(null, names(entry.offset()), ranges, null, 0, 0);
    }

    private Open inlinedCall(CompilationUnit unit, Entry entry, Open around, @Nullable LineTable lines) {
        String file = lines == null || entry.callFile == Entry.NONE
                ? null
                : lines.path(entry.callFile).orElse(null);
        var names = entry.abstractOrigin == Entry.NONE ? names(entry.offset()) : names(entry.abstractOrigin);
        return new Open(around, names, unit.ranges(entry), file, number(entry.callLine), number(entry.callColumn));
    }

    private void close(@Nullable Open open) {
        if (open == null) {
            return;
        }
        if (open.around == null) {
            visitor.function(new Function(open.names.name(), open.names.linkage(), open.ranges, open.calls));
        } else {
            open.around.calls.add(new InlinedCall(
                    open.names.name(),
                    open.names.linkage(),
                    open.ranges,
                    open.callFile,
                    open.callLine,
                    open.callColumn,
                    open.calls));
        }
    }

    private static int number(long value) {
        return value >= 0 && value <= Integer.MAX_VALUE ? (int) value : 0;
    }

    /** Follows abstract origins and specifications until both names are known (DWARF 5, 2.13 and 3.3.8). */
    private Names names(long offset) {
        String name = null;
        String linkage = null;
        long at = offset;
        for (int i = 0; i < limits.referenceChain() && at != Entry.NONE; i++) {
            var found = names.get(at);
            if (found == null) {
                break;
            }
            name = name == null ? found.qualified() : name;
            // a specification stands inside its class, its definition outside: the qualified name is the better one
            linkage = linkage == null ? found.linkage() : linkage;
            at = found.abstractOrigin() != Entry.NONE ? found.abstractOrigin() : found.specification();
        }
        if (name == null) {
            name = linkage == null ? "" : linkage;
        }
        return new Names(name, linkage == null || linkage.equals(name) ? null : linkage);
    }
}
