package dev.faultline.symbols.dwarf;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.Limits;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A line table of {@code .debug_line}, versions 2 to 5 (DWARF 5, 6.2): its files and its rows, in sequences. */
final class LineTable {
    private static final int DW_LNCT_PATH = 1;
    private static final int DW_LNCT_DIRECTORY_INDEX = 2;
    private static final int MOST_FORMATS = 255;

    private final int version;
    private final List<String> files;
    private final List<LineSequence> sequences;

    private LineTable(int version, List<String> files, List<LineSequence> sequences) {
        this.version = version;
        this.files = files;
        this.sequences = sequences;
    }

    /** Sequences in the file's order; some may be of code that the linker threw away. */
    List<LineSequence> sequences() {
        return sequences;
    }

    /** The path of a file's number, directory joined; empty for a number without a file. */
    Optional<String> path(long file) {
        return path(files, version, file);
    }

    /** Files count from 1 before DWARF 5, from 0 in it (DWARF 5, 6.2.4). */
    static Optional<String> path(List<String> files, int version, long file) {
        long index = version < 5 ? file - 1 : file;
        return index >= 0 && index < files.size() ? Optional.of(files.get((int) index)) : Optional.empty();
    }

    static LineTable read(DebugSections sections, CompilationUnit unit, long offset) {
        var section = sections.lines().seek(offset);
        long end = UnitHeader.end(section);
        var in = section.slice("line table", offset, end - offset);
        int offsetSize = in.u32() == 0xffff_ffffL ? Long.BYTES : Integer.BYTES;
        if (offsetSize == Long.BYTES) {
            in.skip(Long.BYTES);
        }
        int version = in.u16();
        if (version < 2 || version > 5) {
            throw in.error("version %d", version);
        }
        int addressSize = unit.unit().addressSize();
        if (version == 5) {
            addressSize = in.u8();
            in.skip(1); // segment_selector_size
        }
        long headerLength = in.unsigned(offsetSize);
        long program = in.position() + headerLength;
        int minimumInstructionLength = in.u8();
        int maximumOperations = version >= 4 ? in.u8() : 1;
        in.skip(1); // default_is_stmt: a debugger's breakpoints want it, an answer does not
        var header = new LineProgram.Header(
                minimumInstructionLength, maximumOperations, in.i8(), in.u8(), in.u8(), addressSize);
        header.readOperandCounts(in);
        var names = new Names(sections, unit, version, offsetSize);
        var files = version == 5 ? names.entries(in) : names.before5(in);
        var lines = new LineProgram(header, version, sections.limits(), names, files);
        return new LineTable(version, files, lines.run(in.seek(program)));
    }

    /** Reads the tables of directories and files, and joins them to paths. */
    static final class Names {
        private final DebugSections sections;
        private final CompilationUnit unit;
        private final int offsetSize;
        private final List<String> directories = new ArrayList<>();

        Names(DebugSections sections, CompilationUnit unit, int version, int offsetSize) {
            this.sections = sections;
            this.unit = unit;
            this.offsetSize = offsetSize;
            if (version < 5) {
                directories.add(unit.directory());
            }
        }

        List<String> before5(ByteReader in) {
            for (String name = in.string(sections.limits()); !name.isEmpty(); name = in.string(sections.limits())) {
                Limits.checkCount(
                        in,
                        "number of directories",
                        directories.size() + 1L,
                        sections.limits().files());
                directories.add(join(unit.directory(), name));
            }
            var files = new ArrayList<String>();
            for (String name = in.string(sections.limits()); !name.isEmpty(); name = in.string(sections.limits())) {
                Limits.checkCount(
                        in,
                        "number of files",
                        files.size() + 1L,
                        sections.limits().files());
                files.add(file(in, name));
            }
            return files;
        }

        /** A file of DWARF 4 and earlier, behind its name: directory, time, size. */
        String file(ByteReader in, String name) {
            long directory = in.uleb();
            in.uleb();
            in.uleb();
            return join(directory(directory), name);
        }

        /** Both tables of DWARF 5, 6.2.4. */
        List<String> entries(ByteReader in) {
            for (var entry : table(in)) {
                directories.add(
                        directories.isEmpty()
                                ? join(unit.directory(), entry.path())
                                : join(directories.getFirst(), entry.path()));
            }
            var files = new ArrayList<String>();
            for (var entry : table(in)) {
                files.add(join(directory(entry.directory()), entry.path()));
            }
            return files;
        }

        private record Named(String path, long directory) {}

        private List<Named> table(ByteReader in) {
            int formats = Limits.checkCount(in, "number of entry formats", in.u8(), MOST_FORMATS);
            long[] contents = new long[formats];
            int[] forms = new int[formats];
            for (int i = 0; i < formats; i++) {
                contents[i] = in.uleb();
                forms[i] = Limits.checkCount(in, "form", in.uleb(), 0xffff);
            }
            int count = Limits.checkCount(
                    in, "number of names", in.uleb(), sections.limits().files());
            var read = new ArrayList<Named>();
            for (int i = 0; i < count; i++) {
                String path = "";
                long directory = 0;
                for (int j = 0; j < formats; j++) {
                    if (contents[j] == DW_LNCT_PATH) {
                        path = path(in, forms[j]);
                    } else if (contents[j] == DW_LNCT_DIRECTORY_INDEX && Form.isNumber(forms[j])) {
                        directory = Form.number(in, forms[j], lineEncoding());
                    } else {
                        Form.skip(in, forms[j], lineEncoding());
                    }
                }
                read.add(new Named(path, directory));
            }
            return read;
        }

        private String path(ByteReader in, int form) {
            var value = new Entry.Value();
            value.form = form;
            if (form == Form.STRING) {
                value.text = in.string(sections.limits());
            } else if (Form.isNumber(form)) {
                value.number = Form.number(in, form, lineEncoding());
            } else {
                throw in.error("path of DW_FORM 0x%x", form);
            }
            String path = unit.string(value);
            return path == null ? "" : path;
        }

        /** The line table may be of another DWARF format than its unit. */
        private Encoding lineEncoding() {
            return new Encoding(5, offsetSize, unit.unit().addressSize());
        }

        private String directory(long index) {
            return index >= 0 && index < directories.size() ? directories.get((int) index) : "";
        }

        private static String join(String directory, String name) {
            boolean absolute = name.startsWith("/") || (name.length() > 1 && name.charAt(1) == ':');
            return directory.isEmpty() || absolute
                    ? name
                    : directory.endsWith("/") ? directory + name : directory + "/" + name;
        }
    }
}
