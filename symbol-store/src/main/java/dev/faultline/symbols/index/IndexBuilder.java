package dev.faultline.symbols.index;

import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.dwarf.AddressSpan;
import dev.faultline.symbols.dwarf.CallFrameInformation;
import dev.faultline.symbols.dwarf.CallFrameSection;
import dev.faultline.symbols.dwarf.DebugInfo;
import dev.faultline.symbols.dwarf.Function;
import dev.faultline.symbols.dwarf.LineSequence;
import dev.faultline.symbols.ehabi.ExceptionIndexTable;
import dev.faultline.symbols.elf.ElfFile;
import dev.faultline.symbols.elf.ElfHeader;
import dev.faultline.symbols.elf.Machine;
import dev.faultline.symbols.elf.Section;
import dev.faultline.symbols.elf.Symbol;
import dev.faultline.symbols.index.FunctionTable.Part;
import dev.faultline.symbols.index.LiveCode.Claim;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Compiles one debug file: symbols first, then unit by unit what the debugging information says, held against them, then
 * the functions that only the symbol table knows, then call frame information.
 */
final class IndexBuilder implements DebugInfo.Visitor {
    private static final int MOST_DIAGNOSTIC_CHARACTERS = 500;

    private final ElfFile elf;
    private final Limits limits;
    private final ImageSymbols symbols;
    private final LiveCode live;
    private final StringPool strings = new StringPool();
    private final Names names = new Names(strings);
    private final SourceFiles files = new SourceFiles(strings);
    private final Bytes payload = new Bytes();
    private final FunctionEncoder encoder = new FunctionEncoder(names, files, payload);
    private final List<Part> claimed = new ArrayList<>();

    /** Sequences that may hold rows of functions without debugging information: assembly. */
    private final UnitLines leftLines = new UnitLines();

    private UnitLines unitLines = new UnitLines();
    private Set<Long> unitFunctionStarts = new HashSet<>();
    private final TreeSet<Integer> dwarfVersions = new TreeSet<>();
    private final List<String> diagnostics = new ArrayList<>();
    private int linesSeen;

    private IndexBuilder(ElfFile elf, Limits limits) {
        this.elf = elf;
        this.limits = limits;
        this.symbols = ImageSymbols.read(elf);
        this.live = new LiveCode(elf, symbols);
    }

    static IndexSummary build(ElfFile elf, Path indexFile, Limits limits) throws IOException {
        int type = elf.header().type();
        if (type != ElfHeader.ET_EXEC && type != ElfHeader.ET_DYN) {
            throw new FormatException(
                    switch (type) {
                        case ElfHeader.ET_CORE -> "e_type 4: this is a coredump; a debug file is the linked image";
                        case ElfHeader.ET_REL -> "e_type 1: an object before linking has no addresses to look up";
                        default -> "e_type %d, wanted 2 (ET_EXEC) or 3 (ET_DYN)".formatted(type);
                    });
        }
        return new IndexBuilder(elf, limits).build(indexFile);
    }

    @Override
    public void unit(int version, String name) {
        endUnit();
        dwarfVersions.add(version);
    }

    @Override
    public void lines(LineSequence sequence) {
        linesSeen++;
        if (live.isText(sequence.start(), sequence.end())) {
            unitLines.add(sequence);
        }
    }

    @Override
    public void function(Function function) {
        for (AddressSpan span : function.ranges()) {
            var claim = live.claim(span.start(), span.end(), function.name(), function.linkageName());
            if (claim != Claim.NONE && !function.name().isEmpty()) {
                unitFunctionStarts.add(span.start());
                claimed.add(part(
                        span.start(),
                        span.end(),
                        function,
                        linkageName(span.start(), function.name(), function.linkageName()),
                        claim));
            }
        }
    }

    @Override
    public void diagnostic(String text) {
        if (diagnostics.size() < IndexSummary.MOST_DIAGNOSTICS) {
            diagnostics.add(text.substring(0, Math.min(text.length(), MOST_DIAGNOSTIC_CHARACTERS)));
        }
    }

    private IndexSummary build(Path indexFile) throws IOException {
        elf.diagnostics().forEach(this::diagnostic);
        DebugInfo.read(elf, limits, this);
        endUnit();
        leaveDiscardedLinesOut();
        var functions = FunctionTable.of(claimed, symbols.functionRanges(), this::fromSymbol);
        var unwind = new UnwindTable(live, functions);
        readCallFrames(unwind);
        return write(indexFile, functions, unwind);
    }

    /** A sequence at a tombstone where some unit describes a function is not the symbol table's to use as well. */
    private void leaveDiscardedLinesOut() {
        var described = new HashSet<Long>();
        for (Part part : claimed) {
            if (live.isTombstone(part.start())) {
                described.add(part.start());
            }
        }
        leftLines.removeIf(sequence -> described.contains(sequence.start()));
    }

    private void endUnit() {
        for (LineSequence sequence : unitLines.sequences()) {
            if (hasFunctionOfSymbols(sequence)) {
                leftLines.add(sequence);
            }
        }
        unitLines = new UnitLines();
        unitFunctionStarts = new HashSet<>();
    }

    /** Whether a symbol starts in the sequence that the unit did not describe: kept until symbols are turned into parts. */
    private boolean hasFunctionOfSymbols(LineSequence sequence) {
        if (live.isTombstone(sequence.start())
                && symbols.functionsAt(sequence.start()).isEmpty()) {
            return false;
        }
        return symbols.startsWithout(sequence.start(), sequence.end(), unitFunctionStarts);
    }

    private Part part(long start, long end, Function function, @Nullable String linkageName, Claim claim) {
        var encoded =
                encoder.encode(start, end, function.name(), linkageName, function.inlinedCalls(), List.of(unitLines));
        return new Part(start, end, function.name(), linkageName, claim, encoded.payloadAt(), encoded.bytesWithLine());
    }

    /** What the linker calls it: out of the debugging information, else the symbol where it has another name. */
    private @Nullable String linkageName(long start, String name, @Nullable String linkageName) {
        if (linkageName != null) {
            return linkageName;
        }
        var aliases = symbols.functionsAt(start);
        for (Symbol alias : aliases) {
            if (alias.name().equals(name)) {
                return null;
            }
        }
        return aliases.isEmpty() ? null : aliases.getFirst().name();
    }

    private Part fromSymbol(long start, long end, ImageSymbols.FunctionRange range) {
        String name = range.symbol().name();
        var encoded = encoder.encode(start, end, name, null, List.of(), List.of(leftLines));
        return new Part(start, end, name, null, Claim.NAMED, encoded.payloadAt(), encoded.bytesWithLine());
    }

    private void readCallFrames(UnwindTable unwind) {
        int machine = elf.header().machine();
        int addressSize = elf.header().addressSize();
        // .debug_frame first: of equal entries the first counts, and it is the one that debuggers read
        section(
                ".debug_frame",
                ".zdebug_frame",
                section ->
                        readCallFrames(CallFrameSection.debugFrame(elf.bytes(section), machine, addressSize), unwind));
        section(
                ".eh_frame",
                ".eh_frame",
                section -> readCallFrames(
                        new CallFrameSection(
                                elf.bytes(section),
                                true,
                                section.address(),
                                addressOf(".text"),
                                addressOf(".got"),
                                machine,
                                addressSize),
                        unwind));
        if (machine == Machine.EM_ARM) {
            ExceptionIndexTable.read(elf, limits, unwind.rules(), unwind.exceptions(), this::diagnostic);
        }
    }

    private void readCallFrames(CallFrameSection section, UnwindTable unwind) {
        CallFrameInformation.read(section, limits, unwind.rules(), unwind.callFrames(), this::diagnostic);
    }

    private long addressOf(String section) {
        return elf.section(section).map(Section::address).orElse(0L);
    }

    private void section(String name, String oldName, Consumer<Section> reader) {
        elf.section(name).or(() -> elf.section(oldName)).ifPresent(section -> {
            try {
                reader.accept(section);
            } catch (FormatException e) {
                diagnostic(String.valueOf(e.getMessage()));
            }
        });
    }

    private IndexSummary write(Path indexFile, FunctionTable functions, UnwindTable unwind) throws IOException {
        var words = Words.over(elf.header().addressSize(), live.text(), symbols);
        var writer = new IndexWriter(
                elf.header().machine(),
                elf.header().addressSize(),
                elf.header().order(),
                elf.buildId(),
                words.width(),
                words.base());
        var text = new Bytes();
        long textBytes = 0;
        for (AddressRange range : live.text()) {
            words.address(text, range.start());
            words.size(text, range.size());
            textBytes += range.size();
        }
        writer.put(IndexFormat.Part.TEXT, text);

        var symbolNames = new SymbolNames(words, strings);
        symbols.functions().forEach(symbolNames::add);
        var starts = new Bytes();
        var infos = new Bytes();
        long functionBytes = 0;
        long bytesWithLine = 0;
        for (Part part : functions.parts()) {
            words.address(starts, part.start());
            words.size(infos, part.end() - part.start());
            infos.u32(part.payloadAt());
            functionBytes += part.end() - part.start();
            bytesWithLine += part.bytesWithLine();
            symbolNames.add(part);
        }
        writer.put(IndexFormat.Part.FUNCTION_STARTS, starts);
        writer.put(IndexFormat.Part.FUNCTIONS, infos);
        writer.put(IndexFormat.Part.PAYLOAD, payload);
        writer.put(IndexFormat.Part.NAMES, names.bytes());
        writer.put(IndexFormat.Part.FILES, files.bytes());
        writer.put(IndexFormat.Part.FUNCTION_NAMES, symbolNames.byName());

        var dataNames = new SymbolNames(words, strings);
        symbols.objects().forEach(dataNames::add);
        symbols.labels().forEach(dataNames::add);
        writer.put(IndexFormat.Part.DATA_NAMES, dataNames.byName());
        var data = new SymbolNames(words, strings);
        symbols.objects().forEach(data::add);
        writer.put(IndexFormat.Part.DATA, data.byAddress());

        var rows = new RowWriter(words, unwind.rules());
        unwind.emit(rows);
        rows.end();
        var unwindParts = rows.write();
        writer.put(IndexFormat.Part.ROW_ANCHORS, unwindParts.anchors());
        writer.put(IndexFormat.Part.ROWS, unwindParts.rows());
        writer.put(IndexFormat.Part.RULES, unwindParts.rules());
        long unwindBytes = 0;
        for (Part part : functions.parts()) {
            unwindBytes += rows.coveredBytes(part.start(), part.end());
        }
        writer.put(IndexFormat.Part.STRINGS, strings.bytes());

        boolean usable = bytesWithLine > 0;
        var summary = new IndexSummary(
                elf.buildId(),
                Machine.name(elf.header().machine()),
                elf.header().addressSize(),
                usable ? IndexSummary.State.USABLE : IndexSummary.State.NO_DEBUG_INFO,
                reason(usable, functions),
                functions.parts().size(),
                encoder.inlinedCalls(),
                encoder.lineRuns(),
                data.size(),
                rows.count(),
                textBytes,
                share(bytesWithLine, functionBytes),
                share(unwindBytes, functionBytes),
                List.copyOf(dwarfVersions),
                diagnostics);
        writer.put(IndexFormat.Part.SUMMARY, SummaryCodec.write(summary));
        writer.write(indexFile);
        return summary;
    }

    private String reason(boolean usable, FunctionTable functions) {
        if (usable) {
            return "functions with source lines";
        }
        if (dwarfVersions.isEmpty() && linesSeen == 0) {
            return functions.parts().isEmpty()
                    ? "no debugging information and no symbols: the file is stripped"
                    : "no debugging information, names of functions only: compile with -g and upload before stripping";
        }
        return "debugging information without source lines for any code of the image";
    }

    private static double share(long part, long whole) {
        return whole == 0 ? 0 : (double) part / whole;
    }
}
