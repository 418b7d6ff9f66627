package dev.faultline.symbols.elf;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** Finds the notes of a file. */
final class Notes {
    private static final String BUILD_ID_SECTION = ".note.gnu.build-id";

    /** More than any core has: five for each of some thousand threads. */
    private static final int MOST_NOTES = 1 << 16;

    private final MappedElfFile elf;
    private final Limits limits;
    private final Diagnostics diagnostics;
    private final List<Note> notes = new ArrayList<>();

    /** Sections may overlap, but not so that reading them takes for ever. */
    private long bytesLeft;

    private Notes(MappedElfFile elf, Limits limits, Diagnostics diagnostics) {
        this.elf = elf;
        this.limits = limits;
        this.diagnostics = diagnostics;
        this.bytesLeft = 2 * elf.fileSize();
    }

    /**
     * The notes of the sections and, where no build id is among them, of the program headers. Sections go first because
     * tools that split a file leave program headers behind that point at other bytes.
     */
    static List<Note> read(MappedElfFile elf, Limits limits, Diagnostics diagnostics) {
        var notes = new Notes(elf, limits, diagnostics);
        var sectionStarts = new HashSet<Long>();
        for (Section section : elf.sections()) {
            if (isNotes(section)) {
                sectionStarts.add(section.offset());
                notes.readSection(section);
            }
        }
        if (notes.notes.stream().noneMatch(Note::isBuildId)) {
            for (Segment segment : elf.segments()) {
                if (segment.type() == Segment.PT_NOTE && !sectionStarts.contains(segment.offset())) {
                    notes.readAll(elf.bytes(segment), segment.alignment());
                }
            }
        }
        notes.sayWhichBuildIdsAreNone();
        return List.copyOf(notes.notes);
    }

    /** Linker scripts and {@code objcopy --add-section} may leave the build id in a section of another type. */
    private static boolean isNotes(Section section) {
        return section.type() == Section.SHT_NOTE
                || (section.type() == Section.SHT_PROGBITS && section.name().equals(BUILD_ID_SECTION));
    }

    private void readSection(Section section) {
        try {
            readAll(elf.bytes(section), section.alignment());
        } catch (FormatException e) {
            diagnostics.add(e);
        }
    }

    private void readAll(ByteReader in, long alignment) {
        bytesLeft -= in.size();
        if (bytesLeft < 0) {
            diagnostics.add("notes overlap beyond reason");
            return;
        }
        try {
            while (in.hasRemaining()) {
                Limits.checkCount(in, "number of notes", notes.size() + 1L, MOST_NOTES);
                notes.add(Note.read(in, alignment == 8 ? 8 : 4, limits));
            }
        } catch (FormatException e) {
            diagnostics.add("notes: " + e.getMessage());
        }
    }

    private void sayWhichBuildIdsAreNone() {
        for (Note note : notes) {
            if (note.isNamedBuildId() && !note.isBuildId()) {
                diagnostics.add("a GNU build id of %d bytes%s is none"
                        .formatted(note.description().size(), note.isAllZeros() ? ", all zeros," : ""));
            }
        }
    }
}
