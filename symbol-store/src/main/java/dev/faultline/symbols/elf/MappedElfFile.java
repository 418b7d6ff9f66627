package dev.faultline.symbols.elf;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.Limits;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** One file. */
final class MappedElfFile extends ElfFile {
    private static final int HASH_CHUNK = 1 << 20;

    private final Arena arena;
    private final ByteReader file;
    private final Limits limits;
    private final Diagnostics diagnostics = new Diagnostics();
    private final ElfHeader header;
    private final List<Segment> segments;
    private final SectionContents contents;
    private final boolean withoutSectionHeaders;
    private final List<Section> sections;
    private final @Nullable Relocations relocations;
    private final List<Note> notes;
    private final MiniDebugInfo miniDebugInfo;

    private MappedElfFile(Arena arena, ByteReader file, Limits limits, Scratch scratch, boolean nested) {
        super(limits);
        this.arena = arena;
        this.limits = limits;
        this.header = ElfHeader.read(file);
        this.file = file.order(header.order());
        this.segments = readSegments();
        this.contents = new SectionContents(this.file, header, scratch, limits);
        var inFile = readSections();
        boolean object = header.type() == ElfHeader.ET_REL;
        boolean image = header.type() == ElfHeader.ET_EXEC || header.type() == ElfHeader.ET_DYN;
        this.withoutSectionHeaders = image && inFile.isEmpty();
        if (withoutSectionHeaders) {
            this.sections = SectionsOfSegments.of(this.file, header, segments, limits, diagnostics);
        } else {
            this.sections = object ? ObjectLayout.place(this.file, header, inFile, diagnostics) : inFile;
        }
        this.relocations = object ? new Relocations(header, sections, contents, scratch, limits, diagnostics) : null;
        this.notes = Notes.read(this, limits, diagnostics);
        this.miniDebugInfo = new MiniDebugInfo(this, nested, scratch, limits, diagnostics);
    }

    static MappedElfFile of(Arena arena, ByteReader file, Limits limits) {
        return new MappedElfFile(arena, file, limits, new Scratch(arena, limits.decompressedBytes()), false);
    }

    /** A file inside this one, which lives as long and shares its limits. */
    MappedElfFile inner(ByteReader file, Scratch scratch) {
        return new MappedElfFile(arena, file, limits, scratch, true);
    }

    @Override
    public ElfHeader header() {
        return header;
    }

    @Override
    public List<Section> sections() {
        return sections;
    }

    @Override
    public List<Segment> segments() {
        return segments;
    }

    @Override
    public ByteReader bytes(Section section) {
        return relocations == null ? contents.of(section) : relocations.contents(section);
    }

    @Override
    public ByteReader bytes(Segment segment) {
        long offset = segment.offset();
        boolean outside = offset < 0 || offset > file.size();
        long present = outside || segment.fileSize() < 0 ? 0 : Math.min(segment.fileSize(), file.size() - offset);
        return file.slice("segment 0x%x".formatted(segment.address()), outside ? 0 : offset, present);
    }

    @Override
    public List<Note> notes() {
        return notes;
    }

    @Override
    public List<String> diagnostics() {
        return diagnostics.list();
    }

    @Override
    boolean isUnlinked(Section section) {
        return relocations != null && section.isCode() && relocations.change(section);
    }

    long fileSize() {
        return file.size();
    }

    @Override
    public Iterable<Symbol> symbols() {
        var own = ownSymbols(placement());
        var table = table();
        if (table != null && table.type() == Section.SHT_SYMTAB) {
            return own;
        }
        return new OneAfterTheOther(own, miniDebugInfo.symbols());
    }

    /** Those of the file itself, placed in another way. */
    Iterable<Symbol> ownSymbols(UnaryOperator<Symbol> placement) {
        Section table = table();
        if (table == null) {
            return List.of();
        }
        if (table.link() >= sections.size()) {
            throw file.error("%s links to section %d of %d", table.name(), table.link(), sections.size());
        }
        var names = contents.of(sections.get((int) table.link()));
        var extendedIndices = contents.extendedIndices(sections, table);
        return new SymbolTable(contents.of(table), names, extendedIndices, header, placement, limits);
    }

    /** The first {@code .symtab} that is more than the null symbol, else {@code .dynsym}. */
    private @Nullable Section table() {
        Section dynamic = null;
        for (Section section : sections) {
            if (section.type() == Section.SHT_SYMTAB
                    && section.size() > (header.is64Bit() ? SymbolTable.SIZE_64 : SymbolTable.SIZE_32)) {
                return section;
            }
            if (section.type() == Section.SHT_DYNSYM) {
                dynamic = section;
            }
        }
        return dynamic;
    }

    private UnaryOperator<Symbol> placement() {
        if (header.type() == ElfHeader.ET_REL) {
            return this::atItsSection;
        }
        if (withoutSectionHeaders) {
            // st_shndx is an index of section headers that are gone
            var around = new SectionsByAddress(sections);
            return symbol -> symbol.section() <= 0 ? symbol : symbol.in(around.indexAround(symbol.address()));
        }
        return UnaryOperator.identity();
    }

    /** In an object a symbol's value counts from its section. */
    private Symbol atItsSection(Symbol symbol) {
        boolean placed = symbol.section() > 0 && symbol.section() < sections.size() && symbol.type() != Symbol.STT_TLS;
        return placed
                ? symbol.at(symbol.address() + sections.get(symbol.section()).address())
                : symbol;
    }

    @Override
    public BuildId fileSha256() {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            MemorySegment bytes = file.segment();
            for (long at = 0; at < bytes.byteSize(); at += HASH_CHUNK) {
                digest.update(bytes.asSlice(at, Math.min(HASH_CHUNK, bytes.byteSize() - at))
                        .asByteBuffer());
            }
            return BuildId.of(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    @Override
    public void close() {
        arena.close();
    }

    private List<Segment> readSegments() {
        int count = Limits.checkCount(file, "number of program headers", header.segments(), limits.segments());
        int size = header.is64Bit() ? Segment.SIZE_64 : Segment.SIZE_32;
        var table = count == 0
                ? file.slice("program headers", 0, 0)
                : file.slice("program headers", header.segmentsAt(), (long) count * size);
        var read = new ArrayList<Segment>(count);
        for (int i = 0; i < count; i++) {
            var in = table.take("program header", size);
            var segment = Segment.read(in, header.is64Bit());
            if (segment.exceedsItsMemory()) {
                var damage = in.error("p_filesz 0x%x exceeds p_memsz 0x%x", segment.fileSize(), segment.memorySize());
                if (header.type() != ElfHeader.ET_CORE) {
                    throw damage;
                }
                diagnostics.add(damage);
            }
            read.add(segment);
        }
        return List.copyOf(read);
    }

    private List<Section> readSections() {
        int count = Limits.checkCount(file, "number of section headers", header.sections(), limits.sections());
        int size = header.is64Bit() ? Section.SIZE_64 : Section.SIZE_32;
        if (count == 0) {
            return List.of();
        }
        long sectionsAt = header.sectionsAt();
        if (header.type() == ElfHeader.ET_CORE && (sectionsAt < 0 || sectionsAt > file.size() - (long) count * size)) {
            // a dump that broke off: its segments are what matters
            diagnostics.add("section headers at 0x%x lie behind the end of the file".formatted(sectionsAt));
            return List.of();
        }
        var table = file.slice("section headers", sectionsAt, (long) count * size);
        var read = new ArrayList<Section>(count);
        for (int i = 0; i < count; i++) {
            read.add(Section.read(table.take("section header " + i, size), i, header.addressSize()));
        }
        return header.sectionNames() == 0 ? List.copyOf(read) : named(read, table, size);
    }

    private List<Section> named(List<Section> sections, ByteReader table, int size) {
        if (header.sectionNames() >= sections.size()) {
            throw file.error("e_shstrndx %d of %d sections", header.sectionNames(), sections.size());
        }
        var names = contents.of(sections.get((int) header.sectionNames()).named(".shstrtab"));
        var named = new ArrayList<Section>(sections.size());
        for (int i = 0; i < sections.size(); i++) {
            long name = table.seek((long) i * size).u32();
            if (name < names.size()) {
                named.add(sections.get(i).named(names.seek(name).string(limits)));
            } else {
                named.add(sections.get(i));
                diagnostics.add("section %d has no name at 0x%x".formatted(i, name));
            }
        }
        return List.copyOf(named);
    }
}
