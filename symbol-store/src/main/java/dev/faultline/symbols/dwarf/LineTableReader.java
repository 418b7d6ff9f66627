package dev.faultline.symbols.dwarf;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;

/** Reads line tables of {@code .debug_line}, versions 2 to 5 (DWARF 5, 6.2), for one thread. */
final class LineTableReader {
    private static final int DW_LNCT_PATH = 1;
    private static final int DW_LNCT_DIRECTORY_INDEX = 2;

    private final DebugInfo debugInfo;
    private final Limits limits;
    private final LineProgramRun program;
    private long[] contents = new long[8];
    private int[] forms = new int[8];

    LineTableReader(DebugInfo debugInfo, Limits limits) {
        this.debugInfo = debugInfo;
        this.limits = limits;
        this.program = new LineProgramRun(debugInfo, limits);
    }

    /**
     * Reads the table that a unit points at, where it has one.
     *
     * @throws FormatException when it is damaged; the rows before that are kept
     */
    void read(Unit unit, LineRows rows) {
        var root = unit.root();
        if (root.statementList() == -1) {
            return;
        }
        var section = unit.file().lines().seek(root.statementList());
        long end = UnitHeader.end(section);
        var in = section.slice(section.name(), root.statementList(), end - root.statementList());
        debugInfo.lineWork().spend(in, in.size());
        int offsetSize = in.u32() == 0xffff_ffffL ? Long.BYTES : Integer.BYTES;
        if (offsetSize == Long.BYTES) {
            in.skip(Long.BYTES);
        }
        int version = in.u16();
        if (version < 2 || version > 5) {
            throw in.error("line table of version %d", version);
        }
        int addressSize = unit.encoding().addressSize();
        if (version == 5) {
            addressSize = in.u8();
            in.skip(1); // segment_selector_size
            if (addressSize != Short.BYTES && addressSize != Integer.BYTES && addressSize != Long.BYTES) {
                throw in.error("addresses of %d bytes", addressSize);
            }
        }
        // a line table may be of another format and version than its unit
        var encoding = new Encoding(version, offsetSize, addressSize);
        long headerLength = in.unsigned(offsetSize);
        long start = in.position() + headerLength;
        if (headerLength < 0 || start > in.size()) {
            throw in.error("header of 0x%x bytes, 0x%x left", headerLength, in.remaining());
        }
        program.readHeader(in, encoding);
        var files = rows.files();
        files.begin(version, debugInfo.texts(), unit.directory());
        if (version == 5) {
            readTable(in, unit, encoding, root.statementList(), files, true);
            readTable(in, unit, encoding, root.statementList(), files, false);
        } else {
            readNames(in, unit, root.statementList(), files);
        }
        program.run(in.seek(start), unit, root.statementList(), rows);
    }

    /** Directories and files of before DWARF 5: lists that an empty name ends. */
    private void readNames(ByteReader in, Unit unit, long tableAt, FileTable files) {
        while (true) {
            long name = name(in, unit, tableAt);
            if (name == DebugTexts.NONE) {
                break;
            }
            Limits.checkCount(in, "number of directories", files.directories() + 1L, limits.files());
            files.addDirectory(name);
        }
        while (readFile(in, unit, tableAt, files, limits)) {
            // the next one
        }
    }

    /** A file of before DWARF 5: name, directory, time, size; false at the empty name that ends the list. */
    static boolean readFile(ByteReader in, Unit unit, long tableAt, FileTable files, Limits limits) {
        long name = name(in, unit, tableAt);
        if (name == DebugTexts.NONE) {
            return false;
        }
        Limits.checkCount(in, "number of files", files.count() + 1L, limits.files());
        long directory = in.uleb();
        in.uleb();
        in.uleb();
        files.addFile(name, directory);
        return true;
    }

    /** The handle of the text at the reader; NONE for an empty one. */
    private static long name(ByteReader in, Unit unit, long tableAt) {
        long start = in.position();
        Form.skipString(in);
        return in.position() == start + 1
                ? DebugTexts.NONE
                : SectionTexts.handle(unit.file(), SectionTexts.LINES, tableAt + start);
    }

    /** One of the two tables of DWARF 5: how its entries look, then the entries. */
    private void readTable(
            ByteReader in, Unit unit, Encoding encoding, long tableAt, FileTable files, boolean directories) {
        int formats = in.u8();
        if (formats > forms.length) {
            contents = new long[formats];
            forms = new int[formats];
        }
        for (int i = 0; i < formats; i++) {
            contents[i] = in.uleb();
            forms[i] = Limits.checkCount(in, "form", in.uleb(), 0xffff);
        }
        long count = in.uleb();
        // an entry without a byte says nothing
        if (count < 0 || count > limits.files() || count > in.remaining() || (formats == 0 && count > 0)) {
            throw in.error("%s entries of %d attributes", Long.toUnsignedString(count), formats);
        }
        for (int i = 0; i < count; i++) {
            long name = DebugTexts.NONE;
            long directory = 0;
            for (int j = 0; j < formats; j++) {
                if (contents[j] == DW_LNCT_PATH) {
                    name = path(in, forms[j], unit, encoding, tableAt);
                } else if (contents[j] == DW_LNCT_DIRECTORY_INDEX && Form.isNumber(forms[j])) {
                    directory = Form.number(in, forms[j], encoding);
                } else {
                    Form.skip(in, forms[j], encoding); // time, size, MD5; LLVM's source
                }
            }
            if (directories) {
                files.addDirectory(name);
            } else {
                files.addFile(name, directory);
            }
        }
    }

    private static long path(ByteReader in, int form, Unit unit, Encoding encoding, long tableAt) {
        if (form == Form.STRING) {
            return name(in, unit, tableAt);
        }
        if (!Form.isNumber(form)) {
            throw in.error("path of DW_FORM 0x%x", form);
        }
        return unit.text(form, Form.number(in, form, encoding));
    }
}
