package dev.faultline.symbols.index;

import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.dwarf.CallFrameInformation;
import dev.faultline.symbols.dwarf.CallFrameSection;
import dev.faultline.symbols.dwarf.Companions;
import dev.faultline.symbols.dwarf.DebugInfo;
import dev.faultline.symbols.dwarf.LineRows;
import dev.faultline.symbols.dwarf.Unit;
import dev.faultline.symbols.dwarf.UnitCode;
import dev.faultline.symbols.ehabi.ExceptionIndexTable;
import dev.faultline.symbols.elf.ElfFile;
import dev.faultline.symbols.elf.ElfHeader;
import dev.faultline.symbols.elf.Machine;
import dev.faultline.symbols.elf.Section;
import dev.faultline.symbols.index.TextPool.Text;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Compiles one debug file: symbols first, then unit by unit, on several threads, what the debugging information says, held
 * against them, then the functions that only the symbol table knows, then call frame information.
 */
final class IndexBuilder implements AutoCloseable {
    private static final int MOST_DIAGNOSTIC_CHARACTERS = 500;

    /** Names may take this share of the heap, whatever the limits allow: one file must not starve the others. */
    private static final int NAME_SHARE_OF_HEAP = 4;

    /** Far below what a collector of garbage has to treat as huge. */
    private static final int WRITE_BYTES = 1 << 18;

    private final ElfFile elf;
    private final Limits limits;
    private final Path directory;
    private final long deadline;
    private final LiveCode live;
    private final AskedCompanions companions;
    private final DebugInfo debugInfo;
    private final TextPool names;
    private final TextPool paths;
    private final List<CodeCollector> collectors = new ArrayList<>();
    private final List<String> diagnostics = new ArrayList<>();
    private int leftOut;
    private final int saidByHeaders;

    private IndexBuilder(ElfFile elf, Companions companions, Path directory, Limits limits) {
        this.elf = elf;
        this.limits = limits;
        this.directory = directory;
        this.deadline = System.nanoTime() + limits.buildTime().toNanos();
        long mostText = Runtime.getRuntime().maxMemory() / NAME_SHARE_OF_HEAP;
        this.names = new TextPool(mostText);
        this.paths = new TextPool(mostText);
        this.live = new LiveCode(elf, ImageSymbols.read(elf));
        this.saidByHeaders = elf.diagnostics().size();
        elf.diagnostics().forEach(this::diagnostic);
        this.companions = new AskedCompanions(companions);
        this.debugInfo = DebugInfo.open(elf, this.companions, limits, this::diagnostic);
    }

    static IndexSummary build(ElfFile elf, Companions companions, Path indexFile, Limits limits, int workers)
            throws IOException {
        int type = elf.header().type();
        if (type != ElfHeader.ET_REL && type != ElfHeader.ET_EXEC && type != ElfHeader.ET_DYN) {
            throw new FormatException(
                    type == ElfHeader.ET_CORE
                            ? "e_type 4: this is a coredump; a debug file is the linked image"
                            : "e_type %d, wanted 1 (ET_REL), 2 (ET_EXEC) or 3 (ET_DYN)".formatted(type));
        }
        Path directory = indexFile.toAbsolutePath().getParent();
        if (directory == null) {
            throw new IOException("no directory to write " + indexFile + " into");
        }
        try (var builder = new IndexBuilder(elf, companions, directory, limits)) {
            return builder.build(indexFile, workers);
        }
    }

    @Override
    public void close() {
        collectors.forEach(CodeCollector::close);
    }

    private synchronized void diagnostic(String text) {
        if (diagnostics.size() < IndexSummary.MOST_DIAGNOSTICS) {
            diagnostics.add(text.substring(0, Math.min(text.length(), MOST_DIAGNOSTIC_CHARACTERS)));
        } else {
            leftOut++;
        }
    }

    private IndexSummary build(Path indexFile, int workers) throws IOException {
        var units = debugInfo.units();
        collect(units, Math.clamp(workers, 1, Math.max(1, units.size())));
        try (var beside = new Beside(workers)) {
            return write(indexFile, units, functions(), beside);
        }
    }

    /** Lets workers take unit after unit, the largest first, so that none waits long for the last one. */
    private void collect(List<Unit> units, int workers) {
        Integer[] order = new Integer[units.size()];
        Arrays.setAll(order, i -> i);
        Arrays.sort(
                order,
                Comparator.comparingLong(
                        i -> -(units.get(i).end() - units.get(i).offset())));
        var next = new AtomicInteger();
        for (int i = 0; i < workers; i++) {
            collectors.add(new CodeCollector(i, live, debugInfo.texts(), names, paths, directory, limits));
        }
        var failures = new ArrayList<Throwable>();
        var threads = new ArrayList<Thread>();
        for (CodeCollector collector : collectors.subList(1, workers)) {
            threads.add(Thread.ofPlatform().name("index-", 1).start(() -> {
                try {
                    collect(units, order, next, collector);
                } catch (RuntimeException | Error e) { // without memory as well: an index that lacks units is none
                    next.set(units.size());
                    synchronized (failures) {
                        failures.add(e);
                    }
                }
            }));
        }
        try {
            collect(units, order, next, collectors.getFirst());
        } finally {
            next.set(units.size());
            threads.forEach(Beside::join); // they use what this thread will close
        }
        for (Throwable failure : failures) {
            switch (failure) {
                case RuntimeException e -> throw e;
                case Error e -> throw e;
                default -> throw new IllegalStateException(failure);
            }
        }
    }

    private void collect(List<Unit> units, Integer[] order, AtomicInteger next, CodeCollector collector) {
        var reader = debugInfo.reader();
        var code = new UnitCode();
        for (int i = next.getAndIncrement(); i < order.length; i = next.getAndIncrement()) {
            if (System.nanoTime() - deadline > 0) {
                throw new BuildTimeException("its index takes longer than %s".formatted(limits.buildTime()));
            }
            reader.read(units.get(order[i]), code);
            collector.take(order[i], code);
        }
    }

    private FunctionTable functions() {
        var claimed = new ArrayList<Part>();
        for (CodeCollector collector : collectors) {
            claimed.addAll(collector.parts());
        }
        var left = leftLines(claimed);
        var own = collectors.getFirst();
        return FunctionTable.of(
                claimed,
                live.symbols().functionRanges(),
                (start, end, range) -> own.fromSymbol(start, end, range, left));
    }

    /** A sequence that nobody's debugging information used up. */
    private record Left(long unit, LineRows lines, int number) {}

    /** A sequence at a tombstone where some unit describes a function is not the symbol table's to use as well. */
    private UnitLines leftLines(List<Part> claimed) {
        var described = new TreeSet<Long>();
        for (Part part : claimed) {
            if (live.isTombstone(part.start())) {
                described.add(part.start());
            }
        }
        // in the order of the units, whoever had them
        var left = new ArrayList<Left>();
        for (CodeCollector collector : collectors) {
            for (int i = 0; i < collector.leftLines().sequences(); i++) {
                left.add(new Left(collector.leftUnit(i), collector.leftLines(), i));
            }
        }
        left.sort(Comparator.comparingLong(Left::unit));
        var all = new LineRows();
        left.forEach(sequence -> all.take(sequence.lines(), sequence.number()));
        var lines = new UnitLines();
        lines.of(all, (start, end) -> live.beginsInText(start, end) && !described.contains(start));
        return lines;
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

    private IndexSummary write(Path indexFile, List<Unit> units, FunctionTable functions, Beside beside)
            throws IOException {
        var symbols = live.symbols();
        var words = Words.over(elf.header().addressSize(), live.text(), symbols);
        var unwinding = beside.start("index-unwind", () -> rows(words, functions));
        var tables = new SymbolTables(names, symbols, functions);
        var files = new SourcePaths(paths, names);
        Text[] texts = names.rank();
        var naming = beside.start("index-names", () -> NameParts.of(texts, tables, words));
        try (var writer = new IndexWriter(indexFile);
                var arena = Arena.ofShared()) {
            var text = new Bytes();
            long textBytes = 0;
            for (AddressRange range : live.text()) {
                words.address(text, range.start());
                words.size(text, range.size());
                textBytes += range.size();
            }
            writer.put(IndexFormat.Part.TEXT, text);
            writeFunctions(writer, words, functions, files, arena);
            writer.put(IndexFormat.Part.FILES, files.bytes());
            var nameParts = naming.get();
            nameParts.put(writer);
            var rows = unwinding.get();
            var unwindParts = rows.write();
            writer.put(IndexFormat.Part.ROW_ANCHORS, unwindParts.anchors());
            writer.put(IndexFormat.Part.ROWS, unwindParts.rows());
            writer.put(IndexFormat.Part.RULES, unwindParts.rules());
            elf.diagnostics().stream().skip(saidByHeaders).forEach(this::diagnostic); // while sections were read
            var summary = summary(units, functions, rows, nameParts.places(), textBytes);
            writer.put(IndexFormat.Part.SUMMARY, SummaryCodec.write(summary));
            writer.finish(new IndexWriter.Image(
                    elf.header().machine(),
                    elf.header().addressSize(),
                    elf.header().order(),
                    elf.buildId(),
                    words.width(),
                    words.base()));
            return summary;
        }
    }

    private RowWriter rows(Words words, FunctionTable functions) {
        var unwind = new UnwindTable(live, functions);
        readCallFrames(unwind);
        var rows = new RowWriter(words, unwind.rules());
        unwind.emit(rows);
        rows.end();
        return rows;
    }

    /** Everything that is looked up by a text or is one. */
    private record NameParts(TextBlocks blocks, Bytes functionNames, Bytes data, Bytes dataPlaces) {

        static NameParts of(Text[] texts, SymbolTables tables, Words words) {
            var parts = new NameParts(new TextBlocks(texts), new Bytes(), new Bytes(), new Bytes());
            tables.write(words, parts.functionNames(), parts.data(), parts.dataPlaces());
            return parts;
        }

        void put(IndexWriter writer) throws IOException {
            writer.put(IndexFormat.Part.TEXT_BLOCKS, blocks.places());
            writer.put(IndexFormat.Part.TEXTS, blocks.bytes());
            writer.put(IndexFormat.Part.FUNCTION_NAMES, functionNames);
            writer.put(IndexFormat.Part.DATA, data);
            writer.put(IndexFormat.Part.DATA_PLACES, dataPlaces);
        }

        /** How many globals have a place. */
        int places() {
            return dataPlaces.size() / Integer.BYTES;
        }
    }

    private void writeFunctions(
            IndexWriter writer, Words words, FunctionTable functions, SourcePaths files, Arena arena)
            throws IOException {
        var starts = new Bytes();
        for (var entry : functions.entries()) {
            words.address(starts, entry.part().start());
        }
        writer.put(IndexFormat.Part.FUNCTION_STARTS, starts);
        // the payload is what is large: it goes out in pieces, and the places are known behind it
        var kept = new MemorySegment[collectors.size()];
        Arrays.setAll(kept, i -> collectors.get(i).spill().contents(arena));
        var payload = new PayloadWriter(
                names, kept, files.numbers(), Runs.step(elf.header().machine()));
        var places = new Bytes();
        var piece = new Bytes();
        long written = 0;
        for (var entry : functions.entries()) {
            places.u32(written + piece.size());
            payload.write(entry.part(), entry.alternates(), piece);
            if (piece.size() >= WRITE_BYTES) {
                written += piece.size();
                writer.append(piece);
                piece.clear();
            }
            if (written > limits.indexBytes()) {
                throw new FormatException("functions and lines of more than %d bytes".formatted(limits.indexBytes()));
            }
        }
        writer.append(piece);
        writer.end(IndexFormat.Part.PAYLOAD);
        writer.put(IndexFormat.Part.FUNCTION_PLACES, places);
        writer.put(IndexFormat.Part.NAME_PAIRS, payload.pairs());
    }

    private IndexSummary summary(
            List<Unit> units, FunctionTable functions, RowWriter rows, int dataSymbols, long textBytes) {
        long functionBytes = 0;
        long bytesWithLine = 0;
        long bytesWithRow = 0;
        int functionsWithoutDebugInfo = 0;
        for (var entry : functions.entries()) {
            functionBytes += entry.part().size();
            bytesWithLine += entry.part().bytesWithLine();
            bytesWithRow += rows.coveredBytes(entry.part().start(), entry.part().end());
            functionsWithoutDebugInfo += entry.part().isDescribed() ? 0 : 1;
        }
        boolean stripped = elf.sections().stream().noneMatch(section -> section.type() == Section.SHT_SYMTAB);
        var producers = Producers.of(units);
        long inlinedCalls = 0;
        long lineRuns = 0;
        boolean linesSeen = false;
        for (CodeCollector collector : collectors) {
            inlinedCalls += collector.inlinedCalls();
            lineRuns += collector.lineRuns();
            linesSeen |= collector.linesSeen();
        }
        var versions = new TreeSet<Integer>();
        units.forEach(unit -> versions.add(unit.version()));
        boolean usable = bytesWithLine > 0;
        if (leftOut > 0) {
            diagnostics.set(diagnostics.size() - 1, "and %d more that are not listed".formatted(leftOut + 1));
        }
        double lineCoverage = share(bytesWithLine, functionBytes);
        double unwindCoverage = share(bytesWithRow, functionBytes);
        String advice = new Advice(
                        !versions.isEmpty(),
                        !functions.entries().isEmpty(),
                        companions.missingAlternate(),
                        companions.missingSplitUnits(),
                        lineCoverage,
                        unwindCoverage,
                        elf.gnuBuildId().isPresent(),
                        functionsWithoutDebugInfo)
                .sentence();
        // what threads found at the same time has no order of its own
        var sorted = new ArrayList<>(diagnostics);
        sorted.sort(Comparator.naturalOrder());
        return new IndexSummary(
                elf.buildId(),
                Machine.name(elf.header().machine()),
                elf.header().addressSize(),
                usable ? IndexSummary.State.USABLE : IndexSummary.State.NO_DEBUG_INFO,
                reason(usable, !versions.isEmpty() || linesSeen, functions),
                advice,
                elf.gnuBuildId().isPresent(),
                stripped,
                Producers.optimizedWhenLinking(units, producers),
                producers,
                functions.entries().size(),
                functionsWithoutDebugInfo,
                (int) inlinedCalls,
                (int) lineRuns,
                dataSymbols,
                rows.count(),
                textBytes,
                lineCoverage,
                unwindCoverage,
                List.copyOf(versions),
                sorted);
    }

    private static String reason(boolean usable, boolean debugInfo, FunctionTable functions) {
        if (usable) {
            return "functions with source lines";
        }
        if (!debugInfo) {
            return functions.entries().isEmpty()
                    ? "no debugging information and no symbols: the file is stripped"
                    : "no debugging information, names of functions only: compile with -g and upload before stripping";
        }
        return "debugging information without source lines for any code of the image";
    }

    private static double share(long part, long whole) {
        return whole == 0 ? 0 : (double) part / whole;
    }
}
