package dev.faultline.symbols.elf;

import java.util.List;
import java.util.TreeMap;

/** The sections of an image by the addresses they cover; of two that overlap, the first in the file's order. */
final class SectionsByAddress {
    private final TreeMap<Long, Section> byStart = new TreeMap<>(Long::compareUnsigned);

    SectionsByAddress(List<Section> sections) {
        for (Section section : sections) {
            if (section.is(Section.SHF_ALLOC) && section.size() != 0 && !overlaps(section)) {
                byStart.put(section.address(), section);
            }
        }
    }

    private boolean overlaps(Section section) {
        var below = byStart.floorEntry(section.address());
        var above = byStart.ceilingEntry(section.address());
        return (below != null && below.getValue().contains(section.address()))
                || (above != null && section.contains(above.getKey()));
    }

    /** The index of the section around an address; {@link Symbol#RESERVED}: none. */
    int indexAround(long address) {
        var below = byStart.floorEntry(address);
        return below != null && below.getValue().contains(address)
                ? below.getValue().index()
                : Symbol.RESERVED;
    }
}
