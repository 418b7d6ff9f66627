package dev.faultline.symbols.index;

import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.dwarf.Companions;
import dev.faultline.symbols.dwarf.UnwindRow;
import dev.faultline.symbols.dwarf.UnwindRules;
import dev.faultline.symbols.elf.BuildId;
import dev.faultline.symbols.elf.ElfFile;
import dev.faultline.symbols.index.IndexFormat.Part;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What the addresses of one image mean. Immutable and safe for use by many threads; addresses come without the Thumb
 * bit and as linked. Every answer may be a {@link FormatException} where the file was damaged after it was opened: build it
 * again.
 */
public final class SymbolIndex implements AutoCloseable {
    /** An index file of another version is built again. */
    public static final int FORMAT_VERSION = IndexFormat.VERSION;

    /** More workers than this only wait for each other. */
    private static final int MOST_WORKERS = 4;

    /** Names share their beginnings in the file and are longer when demangled. */
    private static final int NAME_EXPANSION = 4;

    private final IndexFile file;
    private final IndexSummary summary;
    private final List<AddressRange> text;
    private final int step;
    private final WordArray functionStarts;
    private final WordArray functionPlaces;
    private final MemorySegment payload;
    private final WordArray namePairs;
    private final WordArray files;
    private final Texts texts;
    private final NameCache names;
    private final @Nullable String[] paths;
    private final WordArray functionNames;
    private final WordArray data;
    private final WordArray dataPlaces;
    private final UnwindRows unwindRows;

    private SymbolIndex(IndexFile file) {
        this.file = file;
        int width = file.words().width();
        this.step = Runs.step(file.machine());
        this.functionStarts = array(Part.FUNCTION_STARTS, width);
        this.functionPlaces = array(Part.FUNCTION_PLACES, Integer.BYTES);
        this.payload = file.part(Part.PAYLOAD);
        this.namePairs = array(Part.NAME_PAIRS, 2 * Integer.BYTES);
        this.files = array(Part.FILES, 2 * Integer.BYTES);
        this.texts = new Texts(file.part(Part.TEXT_BLOCKS), file.part(Part.TEXTS));
        this.names = new NameCache(texts.most(), namePairs.count());
        this.paths = new String[files.count()];
        this.functionNames = array(Part.FUNCTION_NAMES, Integer.BYTES + width);
        this.data = array(Part.DATA, Integer.BYTES + 2 * width);
        this.dataPlaces = array(Part.DATA_PLACES, Integer.BYTES);
        this.unwindRows = new UnwindRows(
                file.part(Part.ROW_ANCHORS),
                file.part(Part.ROWS),
                file.part(Part.RULES),
                width,
                file.words().base());
        this.text = readText(array(Part.TEXT, 2 * width));
        this.summary = SummaryCodec.read(file.buildId(), file.reader(Part.SUMMARY));
    }

    /**
     * Compiles a debug file into an index file, which appears whole or not at all; I/O errors are UncheckedIOExceptions.
     *
     * @throws FormatException when it is not an ELF image or is broken beyond use; smaller damage is left out and said in
     *     the summary
     */
    public static IndexSummary build(Path debugFile, Path indexFile, Limits limits) {
        return build(debugFile, indexFile, limits, workers());
    }

    /** The same with a number of threads of one's own. */
    public static IndexSummary build(Path debugFile, Path indexFile, Limits limits, int workers) {
        try (var elf = ElfFile.open(debugFile, limits)) {
            return build(elf, Companions.NONE, indexFile, limits, workers);
        }
    }

    /** Compiles a file that is open, with those that it refers to, on as many threads as are of use. */
    public static IndexSummary build(ElfFile elf, Companions companions, Path indexFile, Limits limits) {
        return build(elf, companions, indexFile, limits, workers());
    }

    /** The same with a number of threads of one's own. */
    public static IndexSummary build(ElfFile elf, Companions companions, Path indexFile, Limits limits, int workers) {
        try {
            return IndexBuilder.build(elf, companions, indexFile, limits, workers);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int workers() {
        return Math.min(MOST_WORKERS, Runtime.getRuntime().availableProcessors());
    }

    /**
     * Maps an index file, whose header is checked; {@link #verify} checks the rest.
     *
     * @throws FormatException when it is damaged or of another format version: build it again
     */
    public static SymbolIndex open(Path indexFile) {
        IndexFile file = IndexFile.open(indexFile);
        try {
            return new SymbolIndex(file);
        } catch (IndexOutOfBoundsException e) {
            file.close();
            throw damaged(e);
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /**
     * Reads the whole file and compares it with its checksums.
     *
     * @throws FormatException when it is damaged
     */
    public void verify() {
        file.verify();
    }

    /** What was said when the index was built. */
    public IndexSummary summary() {
        return summary;
    }

    public BuildId buildId() {
        return file.buildId();
    }

    /** About how many bytes of heap it may come to hold: names that were asked for, demangled. */
    public long heapBytes() {
        return NAME_EXPANSION * file.part(Part.TEXTS).byteSize();
    }

    /** {@code e_machine}. */
    public int machine() {
        return file.machine();
    }

    public ByteOrder byteOrder() {
        return file.order();
    }

    /** Bytes of an address, 4 or 8. */
    public int addressSize() {
        return file.addressSize();
    }

    /** The executable ranges, ascending. */
    public List<AddressRange> text() {
        return text;
    }

    /** Every level at an address, innermost first; empty where no function is. */
    public List<SourceFrame> lookup(long address) {
        try {
            int function = functionStarts.lastAtOrBelow(address, 0);
            if (function < 0) {
                return List.of();
            }
            long distance = address - functionStarts.address(function, 0);
            var cursor = payload(function);
            long size = cursor.uleb();
            return Long.compareUnsigned(distance, size) >= 0 ? List.of() : frames(cursor, distance, size);
        } catch (IndexOutOfBoundsException e) {
            throw damaged(e);
        }
    }

    /** The function, not inlined, that holds an address. */
    public Optional<FunctionSymbol> function(long address) {
        try {
            int function = functionStarts.lastAtOrBelow(address, 0);
            if (function < 0) {
                return Optional.empty();
            }
            long start = functionStarts.address(function, 0);
            var cursor = payload(function);
            long size = cursor.uleb();
            return Long.compareUnsigned(address - start, size) >= 0
                    ? Optional.empty()
                    : Optional.of(new FunctionSymbol(functionName(cursor.uleb()), start, size));
        } catch (IndexOutOfBoundsException e) {
            throw damaged(e);
        }
    }

    /** Other functions that are the same bytes as the one at an address: the linker folded them into one. */
    public List<String> alternates(long address) {
        try {
            if (function(address).isEmpty()) {
                return List.of();
            }
            var cursor = payload(functionStarts.lastAtOrBelow(address, 0));
            cursor.uleb(); // size
            cursor.uleb(); // names
            cursor.uleb(); // entry
            cursor.uleb(); // file
            var alternates = new ArrayList<String>();
            for (long left = cursor.uleb(); left > 0; left--) {
                alternates.add(functionName(cursor.uleb()));
            }
            return List.copyOf(alternates);
        } catch (IndexOutOfBoundsException e) {
            throw damaged(e);
        }
    }

    /** Where the function at an address is described in {@code .debug_info} of its debug file: for locals and types. */
    public OptionalLong entry(long address) {
        try {
            if (function(address).isEmpty()) {
                return OptionalLong.empty();
            }
            var cursor = payload(functionStarts.lastAtOrBelow(address, 0));
            cursor.uleb(); // size
            cursor.uleb(); // names
            long entry = cursor.uleb();
            return entry == 0 ? OptionalLong.empty() : OptionalLong.of(entry - 1);
        } catch (IndexOutOfBoundsException e) {
            throw damaged(e);
        }
    }

    /** A function by the linker's name, or the source's where it has no other. */
    public Optional<FunctionSymbol> function(String name) {
        try {
            int found = find(functionNames, name);
            if (found < 0) {
                return Optional.empty();
            }
            long start = functionNames.address(found, Integer.BYTES);
            long size = function(start)
                    .filter(function -> function.address() == start)
                    .map(FunctionSymbol::size)
                    .orElse(0L);
            return Optional.of(new FunctionSymbol(name, start, size));
        } catch (IndexOutOfBoundsException e) {
            throw damaged(e);
        }
    }

    /** A global by its name; also what a linker script defines, with size 0. */
    public Optional<DataSymbol> data(String name) {
        try {
            int found = find(data, name);
            return found < 0 ? Optional.empty() : Optional.of(dataSymbol(found));
        } catch (IndexOutOfBoundsException e) {
            throw damaged(e);
        }
    }

    /** The global that holds an address; one of unknown size holds only its first byte. */
    public Optional<DataSymbol> data(long address) {
        try {
            int low = 0;
            int high = dataPlaces.count() - 1;
            while (low <= high) {
                int middle = (low + high) >>> 1;
                if (Long.compareUnsigned(data.address(dataPlaces.u32(middle, 0), Integer.BYTES), address) <= 0) {
                    low = middle + 1;
                } else {
                    high = middle - 1;
                }
            }
            if (high < 0) {
                return Optional.empty();
            }
            var symbol = dataSymbol(dataPlaces.u32(high, 0));
            return Long.compareUnsigned(address - symbol.address(), Math.max(1, symbol.size())) < 0
                    ? Optional.of(symbol)
                    : Optional.empty();
        } catch (IndexOutOfBoundsException e) {
            throw damaged(e);
        }
    }

    /** How to unwind from an address; empty where neither call frame information nor an exception table covers it. */
    public Optional<UnwindRow> unwindRow(long address) {
        try {
            int rule = unwindRows.find(address);
            return rule == UnwindRules.NONE ? Optional.empty() : Optional.of(unwindRows.row(rule));
        } catch (IndexOutOfBoundsException e) {
            throw damaged(e);
        }
    }

    /** Whether any code of the image is what a signal handler returns to. */
    public boolean hasSignalFrames() {
        try {
            return unwindRows.hasSignalFrames();
        } catch (IndexOutOfBoundsException e) {
            throw damaged(e);
        }
    }

    /** Prints the file as it is written: its sections, and the functions that hold {@code addresses}; without any, all. */
    public void dump(PrintWriter out, List<Long> addresses) {
        try {
            var dump = new IndexDump(file, this, out);
            dump.sections();
            if (addresses.isEmpty()) {
                for (int i = 0; i < functionStarts.count(); i++) {
                    dump.function(functionStarts.address(i, 0), payload(i).position());
                }
            }
            for (long address : addresses) {
                int function = functionStarts.lastAtOrBelow(address, 0);
                if (function < 0 || function(address).isEmpty()) {
                    out.printf("%n0x%x is in no function%n", address);
                } else {
                    dump.function(
                            functionStarts.address(function, 0),
                            payload(function).position());
                }
            }
        } catch (IndexOutOfBoundsException e) {
            throw damaged(e);
        }
    }

    /** Unmaps the file; whoever shares an index waits for its readers before. */
    @Override
    public void close() {
        file.close();
    }

    private static FormatException damaged(IndexOutOfBoundsException e) {
        var damaged = new FormatException("symbol index: damaged, it points outside of itself");
        damaged.initCause(e);
        return damaged;
    }

    private WordArray array(Part part, int recordSize) {
        return new WordArray(file.part(part), file.words().width(), file.words().base(), recordSize);
    }

    private static List<AddressRange> readText(WordArray ranges) {
        var read = new ArrayList<AddressRange>(ranges.count());
        for (int i = 0; i < ranges.count(); i++) {
            long start = ranges.address(i, 0);
            read.add(new AddressRange(start, start + ranges.word(i, ranges.width())));
        }
        return List.copyOf(read);
    }

    private Cursor payload(int function) {
        return new Cursor(payload, functionPlaces.u32(function, 0) & 0xffff_ffffL);
    }

    /** From the innermost call out: where a call stands is the position in the function around it. */
    private List<SourceFrame> frames(Cursor cursor, long distance, long size) {
        long function = cursor.uleb();
        cursor.uleb(); // entry
        int ownFile = (int) cursor.uleb();
        for (long left = cursor.uleb(); left > 0; left--) {
            cursor.uleb(); // an alternate
        }
        long callBytes = cursor.uleb();
        long calls = cursor.position();
        var run = new RunReader(payload, step, calls, ownFile, calls + callBytes);
        run.find(distance, size);
        int depth = depth(calls, run.call());
        var frames = new SourceFrame[depth + 1];
        long place = run.call();
        int file = run.file();
        int line = run.line();
        int column = run.column();
        for (int i = 0; i < depth; i++) {
            var call = new Cursor(payload, calls + place - 1);
            long up = call.uleb();
            frames[i] = frame(call.uleb(), file, line, column, true);
            call.uleb(); // its own file
            long callFile = call.uleb();
            line = (int) call.uleb();
            column = (int) call.uleb();
            place = around(place, up);
            file = callFile != 0 ? (int) (callFile - 1) : place > 0 ? fileOf(calls, place) : ownFile;
        }
        frames[depth] = frame(function, file, line, column, false);
        return Collections.unmodifiableList(Arrays.asList(frames));
    }

    private int depth(long calls, long innermost) {
        int depth = 0;
        for (long place = innermost; place > 0; depth++) {
            place = around(place, new Cursor(payload, calls + place - 1).uleb());
        }
        return depth;
    }

    /** Places ascend from parents to children, so the way up ends. */
    private static long around(long place, long up) {
        return up == 0 ? 0 : place - Math.max(1, up);
    }

    private int fileOf(long calls, long place) {
        var call = new Cursor(payload, calls + place - 1);
        call.uleb(); // the call around
        call.uleb(); // its names
        return (int) call.uleb();
    }

    private SourceFrame frame(long reference, int file, int line, int column, boolean inlined) {
        String name = functionName(reference);
        return new SourceFrame(
                name, names.linkageName(reference), file == 0 ? null : path(file - 1), line, column, inlined);
    }

    /** A function's name as people write it. */
    String functionName(long reference) {
        String known = names.function(reference);
        return known == null ? readName(reference) : known;
    }

    private String readName(long reference) {
        int number = (int) (reference >>> 1);
        if ((reference & 1) != 0) {
            String function = texts.at(namePairs.u32(number, 0));
            names.put(reference, function, texts.at(namePairs.u32(number, Integer.BYTES)));
            return function;
        }
        String name = texts.at(number);
        String function = MangledNames.demangle(name);
        names.put(reference, function, function.equals(name) ? null : name);
        return function;
    }

    /** A file by its number from 0. */
    String path(int number) {
        String known = paths[number];
        if (known == null) {
            known = texts.at(files.u32(number, 0)) + texts.at(files.u32(number, Integer.BYTES));
            paths[number] = known;
        }
        return known;
    }

    private DataSymbol dataSymbol(int number) {
        return new DataSymbol(
                texts.at(data.u32(number, 0)),
                data.address(number, Integer.BYTES),
                data.word(number, Integer.BYTES + data.width()));
    }

    /** The record of a name; -1: none. */
    private int find(WordArray symbols, String name) {
        int rank = texts.find(name);
        int low = 0;
        int high = rank < 0 ? -1 : symbols.count() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = Integer.compare(symbols.u32(middle, 0), rank);
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -1;
    }
}
