package dev.faultline.symbols.elf;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.Limits;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What sections hold, decompressed once where they are packed. Safe for use by many threads. */
final class SectionContents {
    private static final long SHT_SYMTAB_SHNDX = 18;

    private final ByteReader file;
    private final ElfHeader header;
    private final Scratch scratch;
    private final Limits limits;
    private final Map<Integer, ByteReader> decompressed = new ConcurrentHashMap<>();

    SectionContents(ByteReader file, ElfHeader header, Scratch scratch, Limits limits) {
        this.file = file;
        this.header = header;
        this.scratch = scratch;
        this.limits = limits;
    }

    /** Empty for NOBITS. */
    ByteReader of(Section section) {
        if (section.type() == Section.SHT_NOBITS || section.type() == Section.SHT_NULL) {
            return ByteReader.of(section.name(), new byte[0]).order(header.order());
        }
        var stored = file.slice(section.name(), section.offset(), section.size());
        boolean gnu = section.name().startsWith(".zdebug_");
        if (!gnu && !section.is(Section.SHF_COMPRESSED)) {
            return stored;
        }
        return decompressed
                .computeIfAbsent(section.index(), index -> {
                    var packed =
                            gnu ? CompressedSection.readGnu(stored) : CompressedSection.read(stored, header.is64Bit());
                    return packed.decompress(scratch, limits);
                })
                .copy();
    }

    /** The indices of sections that did not fit the symbols of a table. */
    @Nullable
    ByteReader extendedIndices(List<Section> sections, Section symbols) {
        for (Section section : sections) {
            if (section.type() == SHT_SYMTAB_SHNDX && section.link() == symbols.index()) {
                return of(section);
            }
        }
        return null;
    }
}
