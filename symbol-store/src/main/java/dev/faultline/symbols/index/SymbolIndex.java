package dev.faultline.symbols.index;

import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.dwarf.UnwindRow;
import dev.faultline.symbols.dwarf.UnwindRules;
import dev.faultline.symbols.elf.BuildId;
import dev.faultline.symbols.elf.ElfFile;
import dev.faultline.symbols.index.IndexFormat.Part;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the addresses of one image mean. Immutable and safe for use by many threads; addresses come without the Thumb
 * bit and as linked.
 */
public final class SymbolIndex implements AutoCloseable {
    /** An index file of another version is built again. */
    public static final int FORMAT_VERSION = IndexFormat.VERSION;

    private final IndexFile file;
    private final IndexSummary summary;
    private final List<AddressRange> text;
    private final WordArray functionStarts;
    private final WordArray functions;
    private final MemorySegment payload;
    private final WordArray names;
    private final WordArray files;
    private final Texts texts;
    private final RecentTexts paths = new RecentTexts();
    private final WordArray functionNames;
    private final WordArray dataNames;
    private final WordArray data;
    private final UnwindRows unwindRows;

    private SymbolIndex(IndexFile file) {
        this.file = file;
        int width = file.words().width();
        int named = Integer.BYTES + 2 * width;
        this.functionStarts = array(Part.FUNCTION_STARTS, width);
        this.functions = array(Part.FUNCTIONS, width + Integer.BYTES);
        this.payload = file.part(Part.PAYLOAD);
        this.names = array(Part.NAMES, 2 * Integer.BYTES);
        this.files = array(Part.FILES, 2 * Integer.BYTES);
        this.texts = new Texts(file.part(Part.STRINGS));
        this.functionNames = array(Part.FUNCTION_NAMES, named);
        this.dataNames = array(Part.DATA_NAMES, named);
        this.data = array(Part.DATA, named);
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
     * @throws dev.faultline.symbols.bytes.FormatException when it is not a linked ELF image or is broken beyond use;
     *     smaller damage is left out and said in the summary
     */
    public static IndexSummary build(Path debugFile, Path indexFile, Limits limits) {
        try (var elf = ElfFile.open(debugFile, limits)) {
            return IndexBuilder.build(elf, indexFile, limits);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Maps an index file.
     *
     * @throws dev.faultline.symbols.bytes.FormatException when it is damaged or of another format version: build it again
     */
    public static SymbolIndex open(Path indexFile) {
        IndexFile file = IndexFile.open(indexFile);
        try {
            return new SymbolIndex(file);
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** What was said when the index was built. */
    public IndexSummary summary() {
        return summary;
    }

    public BuildId buildId() {
        return file.buildId();
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
        int function = functionAround(address);
        if (function < 0) {
            return List.of();
        }
        long distance = address - functionStarts.address(function, 0);
        var cursor = new Cursor(payload, payloadAt(function));
        int name = (int) cursor.uleb();
        long nodeBytes = cursor.uleb();
        long nodes = cursor.position();
        return frames(name, nodes, SourcePosition.find(payload, nodes + nodeBytes, distance));
    }

    /** The function, not inlined, that holds an address. */
    public Optional<FunctionSymbol> function(long address) {
        int function = functionAround(address);
        if (function < 0) {
            return Optional.empty();
        }
        int name = (int) new Cursor(payload, payloadAt(function)).uleb();
        return Optional.of(new FunctionSymbol(
                texts.at(names.u32(name, 0)), functionStarts.address(function, 0), functions.word(function, 0)));
    }

    /** A function by its name in the source or its linker's name. */
    public Optional<FunctionSymbol> function(String name) {
        int found = find(functionNames, name);
        return found < 0
                ? Optional.empty()
                : Optional.of(new FunctionSymbol(name, address(functionNames, found), size(functionNames, found)));
    }

    /** A global by its name; also what a linker script defines, with size 0. */
    public Optional<DataSymbol> data(String name) {
        int found = find(dataNames, name);
        return found < 0
                ? Optional.empty()
                : Optional.of(new DataSymbol(name, address(dataNames, found), size(dataNames, found)));
    }

    /** The global that holds an address; one of unknown size holds only its first byte. */
    public Optional<DataSymbol> data(long address) {
        int found = data.lastAtOrBelow(address, Integer.BYTES);
        if (found < 0) {
            return Optional.empty();
        }
        long start = address(data, found);
        long size = size(data, found);
        return Long.compareUnsigned(address - start, Math.max(1, size)) < 0
                ? Optional.of(new DataSymbol(texts.at(data.u32(found, 0)), start, size))
                : Optional.empty();
    }

    /** How to unwind from an address; empty where neither call frame information nor an exception table covers it. */
    public Optional<UnwindRow> unwindRow(long address) {
        int rule = unwindRows.find(address);
        return rule == UnwindRules.NONE ? Optional.empty() : Optional.of(unwindRows.row(rule));
    }

    /** Unmaps the file; whoever shares an index waits for its readers before. */
    @Override
    public void close() {
        file.close();
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

    private int functionAround(long address) {
        int found = functionStarts.lastAtOrBelow(address, 0);
        boolean inside = found >= 0
                && Long.compareUnsigned(address - functionStarts.address(found, 0), functions.word(found, 0)) < 0;
        return inside ? found : -1;
    }

    private long payloadAt(int function) {
        return functions.u32(function, functions.width()) & 0xffff_ffffL;
    }

    /** From the innermost call out: where a call stands is the position in the function around it. */
    private List<SourceFrame> frames(int function, long nodes, SourcePosition position) {
        if (position.node() == 0) {
            return List.of(frame(function, position.file(), position.line(), position.column(), false));
        }
        var frames = new ArrayList<SourceFrame>();
        long node = position.node();
        int file = position.file();
        int line = position.line();
        int column = position.column();
        while (node != 0) {
            var call = new Cursor(payload, nodes + node - 1);
            node = call.uleb();
            frames.add(frame((int) call.uleb(), file, line, column, true));
            file = (int) call.uleb();
            line = (int) call.uleb();
            column = (int) call.uleb();
        }
        frames.add(frame(function, file, line, column, false));
        return List.copyOf(frames);
    }

    private SourceFrame frame(int name, int file, int line, int column, boolean inlined) {
        int linkageName = names.u32(name, Integer.BYTES);
        return new SourceFrame(
                texts.at(names.u32(name, 0)),
                linkageName == 0 ? null : texts.at(linkageName),
                file == 0 ? null : path(file - 1),
                line,
                column,
                inlined);
    }

    private String path(int file) {
        String known = paths.get(file);
        return known == null
                ? paths.put(file, texts.at(files.u32(file, 0)) + texts.at(files.u32(file, Integer.BYTES)))
                : known;
    }

    private int find(WordArray symbols, String name) {
        byte[] wanted = name.getBytes(StandardCharsets.UTF_8);
        int low = 0;
        int high = symbols.count() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = texts.compare(symbols.u32(middle, 0), wanted);
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

    private static long address(WordArray symbols, int index) {
        return symbols.address(index, Integer.BYTES);
    }

    private static long size(WordArray symbols, int index) {
        return symbols.word(index, Integer.BYTES + symbols.width());
    }
}
