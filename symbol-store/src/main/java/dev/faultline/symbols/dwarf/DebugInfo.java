package dev.faultline.symbols.dwarf;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.elf.ElfFile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The debugging information of a file and of those that it refers to. Safe for use by many threads; each reads units with
 * a {@link UnitReader} of its own.
 */
public final class DebugInfo {
    /** Tables of abbreviations that are kept at once: enough for all units of an image optimized as a whole. */
    private static final long MOST_TABLE_BYTES = 32L << 20;

    /** How often all tables together may be read again, because they did not fit. */
    private static final long MOST_REREADS = 256;

    /** How often all entries together may be read for the names of others. */
    private static final long MOST_REREADS_OF_NAMES = 8;

    private static final long LEAST_WORK = 64L << 20;

    private final Companions companions;
    private final Limits limits;

    /** Whether all attributes are of interest, not only those about code. */
    private final boolean whole;

    private final Consumer<String> diagnostics;
    private final SectionTexts texts;
    private final DebugFile image;
    private final SplitUnits splitUnits;
    private final List<Unit> units;

    /** Guarded by itself, as is {@link #tableBytes}. */
    private final Map<TableKey, AbbreviationTable> tables = new HashMap<>();

    private long tableBytes;
    private final AbbreviationPool abbreviationPool = new AbbreviationPool();

    private final Object companionsLock = new Object();

    /** Guarded by {@link #companionsLock}, as is {@link #alternate}. */
    private boolean alternateSought;

    private @Nullable UnitDirectory alternate;

    private final Budget tableWork;
    private final Budget ranges;
    private final Budget inlinedCalls;
    private final Budget lineRows;
    private final Budget lineWork;
    private final Budget nameWork;

    private record TableKey(int file, long offset, Encoding encoding) {}

    private DebugInfo(ElfFile elf, Companions companions, Limits limits, boolean whole, Consumer<String> diagnostics) {
        this.companions = companions;
        this.limits = limits;
        this.whole = whole;
        this.diagnostics = diagnostics;
        this.texts = new SectionTexts(limits);
        var file = new DebugFile(0, elf, false, this::report);
        this.image = file;
        this.splitUnits = new SplitUnits(this, companions);
        texts.add(file);
        long infoBytes = file.info().size();
        this.tableWork = new Budget(
                "reading of abbreviations", MOST_REREADS * file.abbreviations().size() + LEAST_WORK);
        this.ranges = new Budget("number of address ranges", limits.ranges());
        this.inlinedCalls = new Budget("number of inlined calls", limits.inlinedCalls());
        this.lineRows = new Budget("number of rows of line tables", limits.lineRows());
        this.lineWork = new Budget("reading of line tables", 8 * file.lines().size() + LEAST_WORK);
        this.nameWork = new Budget("reading of names", MOST_REREADS_OF_NAMES * infoBytes + LEAST_WORK);
        this.units = withCode(directory(file));
    }

    /**
     * Reads the headers of the units; a file without debugging information has none.
     *
     * @param diagnostics takes sentences for a person about what is left out, one at a time
     */
    public static DebugInfo open(ElfFile elf, Companions companions, Limits limits, Consumer<String> diagnostics) {
        return new DebugInfo(elf, companions, limits, false, diagnostics);
    }

    /**
     * The same for readers of single entries with all that they say: types, variables, locations. It may be kept for as long
     * as the file is open; each {@link EntryReader} has a budget of its own.
     */
    public static DebugInfo openWhole(ElfFile elf, Companions companions, Limits limits) {
        return new DebugInfo(elf, companions, limits, true, text -> {});
    }

    /** The units that may say something about code, in the file's order. */
    public List<Unit> units() {
        return units;
    }

    /** A reader for one thread. */
    public UnitReader reader() {
        return new UnitReader(this, limits);
    }

    /**
     * A reader of single entries for one thread.
     *
     * @param work most bytes of debugging information that it reads
     */
    public EntryReader entries(long work) {
        return new EntryReader(this, limits, work);
    }

    /** The texts of the handles of {@link UnitCode}. */
    public DebugTexts texts() {
        return texts;
    }

    private List<Unit> withCode(UnitDirectory directory) {
        var found = new ArrayList<Unit>();
        for (Unit unit : directory.units()) {
            int type = unit.header().type();
            if ((type == UnitHeader.DW_UT_COMPILE || type == UnitHeader.DW_UT_SKELETON) && !isPartial(unit)) {
                found.add(unit);
            }
        }
        return List.copyOf(found);
    }

    /** Before DWARF 5 only the root of a unit says that it is a part of others. */
    private boolean isPartial(Unit unit) {
        if (unit.version() == 5) {
            return false;
        }
        try {
            var in = unit.bytes().seek(unit.header().firstEntry() - unit.offset());
            return rootTag(unit, in.uleb()) == DwarfNames.DW_TAG_PARTIAL_UNIT;
        } catch (FormatException e) {
            // a broken unit is said when it is read
            return false;
        }
    }

    /** A compiler puts the root's abbreviation first: then there is no need to read the table already. */
    private static int rootTag(Unit unit, long code) {
        var in = unit.file().abbreviations().seek(unit.header().abbreviationsAt());
        if (in.uleb() == code) {
            return (int) in.uleb();
        }
        var abbreviation = unit.abbreviations().get(code);
        return abbreviation == null ? 0 : abbreviation.tag;
    }

    /** Says that something was left out. */
    void report(String text) {
        synchronized (diagnostics) {
            diagnostics.accept(text);
        }
    }

    SectionTexts sectionTexts() {
        return texts;
    }

    /** The units of a file. */
    UnitDirectory directory(DebugFile file) {
        return file.directory(this, limits);
    }

    /** What the image shares with others; null where it shares nothing, or that file is not here. */
    @Nullable
    UnitDirectory alternate() {
        synchronized (companionsLock) {
            if (!alternateSought) {
                alternateSought = true;
                alternate = openAlternate();
            }
            return alternate;
        }
    }

    private @Nullable UnitDirectory openAlternate() {
        try {
            var link = image.elf().alternateLink();
            if (link.isEmpty()) {
                return null;
            }
            var elf = companions.alternate(link.get());
            if (elf.isEmpty()) {
                report("%s, which the file shares debugging information with, is not here"
                        .formatted(link.get().name()));
                return null;
            }
            return directory(openFile(elf.get(), false));
        } catch (FormatException e) {
            report(String.valueOf(e.getMessage()));
            return null;
        }
    }

    /** Takes a further file in. */
    DebugFile openFile(ElfFile elf, boolean split) {
        var file = openFile(number -> new DebugFile(number, elf, split, this::report));
        tableWork.extend(MOST_REREADS * file.abbreviations().size());
        nameWork.extend(MOST_REREADS_OF_NAMES * file.info().size());
        return file;
    }

    /** Takes a further file, or part of one, in under the number that it gets. */
    DebugFile openFile(IntFunction<DebugFile> opener) {
        synchronized (texts) {
            var file = opener.apply(texts.nextFile(image.info()));
            texts.add(file);
            return file;
        }
    }

    /** The rest of a unit that is split; null where it is not split, or the rest is not here. */
    @Nullable
    Unit split(Unit unit) {
        // the rest of a unit may name its own file as well
        boolean whole = unit.file() != image || unit.root().dwoName() == DebugTexts.NONE;
        return whole ? null : splitUnits.of(unit);
    }

    /** The type unit of a signature, out of the file that refers to it; null where it has none. */
    @Nullable
    Unit typeUnit(DebugFile file, long signature) {
        return splitUnits.isPackage(file)
                ? splitUnits.typeUnit(file, signature)
                : file.typeUnit(this, limits, signature);
    }

    /** All units of the image's {@code .debug_info}, in the file's order. */
    UnitDirectory ofImage() {
        return directory(image);
    }

    Budget ranges() {
        return ranges;
    }

    Budget inlinedCalls() {
        return inlinedCalls;
    }

    Budget lineRows() {
        return lineRows;
    }

    /** Bytes of line tables read: many units may point at one table. */
    Budget lineWork() {
        return lineWork;
    }

    /** Bytes of entries read for the names of others. */
    Budget nameWork() {
        return nameWork;
    }

    AbbreviationTable abbreviations(DebugFile file, long offset, Encoding encoding) {
        var key = new TableKey(file.number(), offset, encoding);
        synchronized (tables) {
            var known = tables.get(key);
            if (known != null) {
                return known;
            }
        }
        var table = readTable(file.abbreviations().seek(offset), encoding);
        synchronized (tables) {
            if (tableBytes + table.weight() > MOST_TABLE_BYTES) {
                tables.clear();
                tableBytes = 0;
            }
            if (tables.putIfAbsent(key, table) == null) {
                tableBytes += table.weight();
            }
        }
        return table;
    }

    private AbbreviationTable readTable(ByteReader in, Encoding encoding) {
        long start = in.position();
        if (tableWork.left() == 0) {
            throw tableWork.exceeded(in);
        }
        try {
            return AbbreviationTable.read(in, encoding, abbreviationPool, whole, limits);
        } finally {
            tableWork.spend(whole ? 0 : in.position() - start); // who reads single entries counts on his own
        }
    }
}
