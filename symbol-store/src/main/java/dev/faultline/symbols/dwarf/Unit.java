package dev.faultline.symbols.dwarf;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.FormatException;
import org.jspecify.annotations.Nullable;

/** A unit of debugging information: what one compilation, or the part of several that they share, says. */
public final class Unit {
    private final DebugInfo debugInfo;
    private final DebugFile file;
    private final UnitHeader header;

    /** Whether it is one of {@code .debug_types}. */
    private final boolean inTypes;

    private final Contribution contribution;

    /** For a split unit the one that stayed in the image: it knows addresses, and the line table. */
    private final @Nullable Unit skeleton;

    private volatile @Nullable UnitRoot root;

    Unit(
            DebugInfo debugInfo,
            DebugFile file,
            UnitHeader header,
            boolean inTypes,
            Contribution contribution,
            @Nullable Unit skeleton) {
        this.debugInfo = debugInfo;
        this.file = file;
        this.header = header;
        this.inTypes = inTypes;
        this.contribution = contribution;
        this.skeleton = skeleton;
    }

    /** The version of DWARF: 2 to 5. */
    public int version() {
        return header.version();
    }

    /** Where the unit starts in {@code .debug_info}. */
    public long offset() {
        return header.offset();
    }

    /** Where the next one starts. */
    public long end() {
        return header.end();
    }

    /** Bytes of an address. */
    public int addressBytes() {
        return header.addressSize();
    }

    /** Bytes of an offset: 8 in 64-bit DWARF. */
    public int offsetBytes() {
        return header.offsetSize();
    }

    /** The name of the source file; empty where it is not said. */
    public String name() {
        return text(described().name());
    }

    /** The directory of the compilation; empty where it is not said. */
    public String directory() {
        return text(root().directory());
    }

    /**
     * The source file; one that is named without any directory is in that of the compilation. Others are left alone: a
     * compiler that was told to rewrite paths may have the directory in both.
     */
    public String path() {
        var name = name();
        return name.contains("/") ? name : FileTable.join(directory(), name);
    }

    /** The compiler, with its options where it writes them down. */
    public String producer() {
        return text(described().producer());
    }

    /** {@code DW_LANG_…} (DWARF 5, table 7.17); 0 where it is not said. */
    public int language() {
        return described().language();
    }

    /** The root that has the words: a skeleton has few. */
    private UnitRoot described() {
        var split = debugInfo.split(this);
        return split == null ? root() : split.root();
    }

    private String text(long handle) {
        return handle == DebugTexts.NONE ? "" : debugInfo.texts().text(handle);
    }

    DebugFile file() {
        return file;
    }

    UnitHeader header() {
        return header;
    }

    Encoding encoding() {
        return header.encoding();
    }

    /** The whole unit, from its header on. */
    ByteReader bytes() {
        var section = inTypes ? file.types() : file.info();
        return section.slice(section.name(), header.offset(), header.end() - header.offset());
    }

    /** Where the section has what the unit has at {@code position}. */
    long sectionOffset(long position) {
        return header.offset() + position;
    }

    /** A number for each entry of all files: which file, which section, which offset. */
    long key(long sectionOffset) {
        return SectionTexts.key(file, inTypes ? SectionTexts.TYPES : SectionTexts.INFO, sectionOffset);
    }

    AbbreviationTable abbreviations() {
        return debugInfo.abbreviations(
                file, contribution.abbreviationsAt() + header.abbreviationsAt(), header.encoding());
    }

    UnitRoot root() {
        var known = root;
        if (known == null) {
            known = readRoot();
            root = known;
        }
        return known;
    }

    private UnitRoot readRoot() {
        try {
            var in = bytes().seek(header.firstEntry() - header.offset());
            long code = in.uleb();
            var abbreviation = abbreviations().get(code);
            if (abbreviation == null) {
                throw in.error("no abbreviation %d", code);
            }
            var attributes = new Attributes();
            attributes.read(abbreviation, in, header.encoding());
            return root(abbreviation.tag, attributes);
        } catch (FormatException e) {
            return UnitRoot.broken(String.valueOf(e.getMessage()));
        }
    }

    private UnitRoot root(int tag, Attributes attributes) {
        // bases first: the other attributes may need them, whatever their order. Where none is given, they are behind
        // the
        // header of the first contribution (DWARF 5, 7.26 to 7.29)
        int tableHeader = header.offsetSize() == Long.BYTES ? 16 : 8;
        int defaultBase = header.version() == 5 ? tableHeader : 0;
        long stringOffsetsBase =
                contribution.stringOffsetsAt() + attributes.number(Attributes.STRING_OFFSETS_BASE, defaultBase);
        long addressBase = attributes.number(Attributes.ADDRESS_BASE, defaultBase);
        long rangeListsBase = contribution.rangeListsAt()
                + attributes.number(Attributes.RANGE_LISTS_BASE, (long) tableHeader + Integer.BYTES);
        long lowPc = 0;
        if (skeleton != null) {
            lowPc = skeleton.root().lowPc();
        } else if (attributes.has(Attributes.LOW_PC)) {
            lowPc = address(attributes.form(Attributes.LOW_PC), attributes.number(Attributes.LOW_PC), addressBase);
        }
        return new UnitRoot(
                tag,
                language(attributes.number(Attributes.LANGUAGE, 0)),
                rootText(attributes, Attributes.NAME, stringOffsetsBase),
                rootText(attributes, Attributes.DIRECTORY, stringOffsetsBase),
                rootText(attributes, Attributes.PRODUCER, stringOffsetsBase),
                lowPc,
                attributes.number(Attributes.STATEMENT_LIST, -1),
                stringOffsetsBase,
                addressBase,
                rangeListsBase,
                attributes.number(Attributes.GNU_RANGES_BASE, 0),
                rootText(attributes, Attributes.DWO_NAME, stringOffsetsBase),
                attributes.number(Attributes.DWO_ID, header.identity()),
                null);
    }

    /** The unit is worth more than its name. */
    private long rootText(Attributes attributes, int slot, long stringOffsetsBase) {
        try {
            return text(attributes, slot, stringOffsetsBase);
        } catch (FormatException e) {
            debugInfo.report(String.valueOf(e.getMessage()));
            return DebugTexts.NONE;
        }
    }

    private static int language(long language) {
        return language > 0 && language <= 0xffff ? (int) language : 0;
    }

    /** The handle of a text attribute; {@link DebugTexts#NONE} where there is none, or it lies in a file not here. */
    long text(Attributes attributes, int slot) {
        return attributes.has(slot) ? text(attributes, slot, root().stringOffsetsBase()) : DebugTexts.NONE;
    }

    /** The handle of a text by form and number, as line tables have them. */
    long text(int form, long number) {
        return text(form, number, root().stringOffsetsBase());
    }

    private long text(Attributes attributes, int slot, long stringOffsetsBase) {
        return attributes.has(slot)
                ? text(attributes.form(slot), attributes.number(slot), stringOffsetsBase)
                : DebugTexts.NONE;
    }

    private long text(int form, long number, long stringOffsetsBase) {
        if (Form.isStringIndex(form)) {
            var table = file.stringOffsets();
            long offset = DebugFile.entry(table, stringOffsetsBase, number, header.offsetSize());
            return SectionTexts.handle(file, SectionTexts.STRINGS, offset);
        }
        return switch (form) {
            case Form.STRING ->
                SectionTexts.handle(file, inTypes ? SectionTexts.TYPES : SectionTexts.INFO, header.offset() + number);
            case Form.STRP -> SectionTexts.handle(file, SectionTexts.STRINGS, number);
            case Form.LINE_STRP -> SectionTexts.handle(file, SectionTexts.LINE_STRINGS, number);
            case Form.STRP_SUP, Form.GNU_STRP_ALT -> {
                var alternate = debugInfo.alternate();
                yield alternate == null
                        ? DebugTexts.NONE
                        : SectionTexts.handle(alternate.file(), SectionTexts.STRINGS, number);
            }
            default -> DebugTexts.NONE;
        };
    }

    /** The address that an attribute says. */
    long address(Attributes attributes, int slot) {
        return address(attributes.form(slot), attributes.number(slot), root().addressBase());
    }

    private long address(int form, long number, long addressBase) {
        if (Form.isAddressIndex(form)) {
            return indexedAddress(number, addressBase);
        }
        if (form == Form.LLVM_ADDRX_OFFSET) {
            return indexedAddress(number >>> Integer.SIZE, addressBase) + (number & 0xffff_ffffL);
        }
        return number;
    }

    /** An address by its index in the unit's part of {@code .debug_addr}. */
    public long indexedAddress(long index) {
        return indexedAddress(index, root().addressBase());
    }

    private long indexedAddress(long index, long addressBase) {
        if (skeleton != null) {
            return skeleton.indexedAddress(index);
        }
        return DebugFile.entry(file.addresses(), addressBase, index, header.addressSize());
    }

    /** What offsets into {@code .debug_ranges} count from: only those of split units have something to count from. */
    long rangesBase() {
        return skeleton == null ? 0 : skeleton.root().gnuRangesBase();
    }

    /** The file that has the {@code .debug_ranges} of DWARF 4: split units have none of their own. */
    DebugFile rangesFile() {
        return skeleton == null ? file : skeleton.file;
    }

    /** Where the unit's part of {@code .debug_rnglists} begins in a package of split units; else 0. */
    long rangeListsAt() {
        return contribution.rangeListsAt();
    }

    /** Where its part of {@code .debug_loc} or {@code .debug_loclists} begins in a package of split units; else 0. */
    long locationsAt() {
        return contribution.locationsAt();
    }

    /** Whether it is the rest of a unit of the image. */
    boolean isSplit() {
        return skeleton != null;
    }

    /** What of the sections is the unit's, in a package of split units; else all from their beginning. */
    record Contribution(long abbreviationsAt, long stringOffsetsAt, long rangeListsAt, long locationsAt) {
        static final Contribution WHOLE = new Contribution(0, 0, 0, 0);
    }
}
