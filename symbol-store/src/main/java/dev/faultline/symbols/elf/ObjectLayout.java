package dev.faultline.symbols.elf;

import dev.faultline.symbols.bytes.ByteReader;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gives the sections of a relocatable object, which all say address 0, addresses of their own: first {@code .text} where
 * it has bytes, else the first section of code that has some, at 0, so that the code of an object with one such section
 * has the offsets that other tools print; then the other sections of code, then all others that are part of the image,
 * each group in the file's order, each section at the next multiple of its alignment. Sections that are not part of the
 * image have the address 0.
 */
final class ObjectLayout {
    private static final long MOST_ALIGNMENT = 1 << 24;

    private final ByteReader file;
    private final ElfHeader header;
    private final Diagnostics diagnostics;
    private final List<Section> placed;
    private long next;

    private ObjectLayout(ByteReader file, ElfHeader header, List<Section> sections, Diagnostics diagnostics) {
        this.file = file;
        this.header = header;
        this.diagnostics = diagnostics;
        this.placed = new ArrayList<>(sections);
    }

    static List<Section> place(ByteReader file, ElfHeader header, List<Section> sections, Diagnostics diagnostics) {
        var layout = new ObjectLayout(file, header, sections, diagnostics);
        Section first = first(sections);
        if (first != null) {
            layout.place(first);
        }
        for (Section section : sections) {
            if (section.isCode() && (first == null || section.index() != first.index())) {
                layout.place(section);
            }
        }
        for (Section section : sections) {
            if (!section.is(Section.SHF_ALLOC)) {
                layout.placed.set(section.index(), section.at(0));
            } else if (!section.isCode()) {
                layout.place(section);
            }
        }
        return List.copyOf(layout.placed);
    }

    private static @Nullable Section first(List<Section> sections) {
        Section first = null;
        for (Section section : sections) {
            if (section.isCode() && section.size() != 0 && section.type() != Section.SHT_NOBITS) {
                if (section.name().equals(".text")) {
                    return section;
                }
                first = first == null ? section : first;
            }
        }
        return first;
    }

    private void place(Section section) {
        long alignment = Math.max(1, section.alignment());
        if (section.alignment() < 0 || Long.bitCount(alignment) != 1 || alignment > MOST_ALIGNMENT) {
            diagnostics.add("section %d (%s): sh_addralign 0x%x taken as 1"
                    .formatted(section.index(), section.name(), section.alignment()));
            alignment = 1;
        }
        long start = (next + alignment - 1) & -alignment;
        long end = start + section.size();
        long highest = header.is64Bit() ? Long.MAX_VALUE - MOST_ALIGNMENT : 0xffff_ffffL;
        if (section.size() < 0 || section.size() > highest || end > highest) {
            throw file.error(
                    "section %d (%s) of 0x%x bytes has no room behind 0x%x",
                    section.index(), section.name(), section.size(), start);
        }
        placed.set(section.index(), section.at(start));
        next = section.size() == 0 ? next : end;
    }
}
