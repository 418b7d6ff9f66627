package dev.faultline.symbols.elf;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An ELF file, 32 or 64 bits, of either byte order: image, shared object, relocatable object or core. Safe for use by
 * many threads.
 */
public final class ElfFile implements AutoCloseable {
    private static final long NT_GNU_BUILD_ID = 3;
    private static final long SHT_SYMTAB_SHNDX = 18;
    private static final int MOST_BUILD_ID_BYTES = 64;
    private static final int HASH_CHUNK = 1 << 20;

    private final Arena arena;
    private final ByteReader file;
    private final Limits limits;
    private final ElfHeader header;
    private final List<Segment> segments;
    private final List<Section> sections;
    private final List<String> diagnostics = new ArrayList<>();
    private final List<Note> notes;

    /** Contents of compressed sections by section index; guarded by itself, as is {@link #decompressedBytesLeft}. */
    private final Map<Integer, ByteReader> decompressed = new HashMap<>();

    private long decompressedBytesLeft;

    private ElfFile(Arena arena, ByteReader file, Limits limits) {
        this.arena = arena;
        this.limits = limits;
        this.header = ElfHeader.read(file);
        this.file = file.order(header.order());
        this.decompressedBytesLeft = limits.decompressedBytes();
        this.segments = readSegments();
        this.sections = readSections();
        this.notes = readNotes();
    }

    /**
     * Maps a file and reads its headers; I/O errors are UncheckedIOExceptions.
     *
     * @throws FormatException when it is not ELF or its headers are broken
     */
    public static ElfFile open(Path file, Limits limits) {
        Arena arena = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(file)) {
            MemorySegment bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            return new ElfFile(arena, ByteReader.of(String.valueOf(file.getFileName()), bytes), limits);
        } catch (IOException e) {
            arena.close();
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    /** Reads the headers of a file that is in memory already. */
    public static ElfFile of(ByteReader file, Limits limits) {
        Arena arena = Arena.ofShared();
        try {
            return new ElfFile(arena, file, limits);
        } catch (RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    public ElfHeader header() {
        return header;
    }

    public List<Section> sections() {
        return sections;
    }

    public List<Segment> segments() {
        return segments;
    }

    /** The first section of this name. */
    public Optional<Section> section(String name) {
        for (Section section : sections) {
            if (section.name().equals(name)) {
                return Optional.of(section);
            }
        }
        return Optional.empty();
    }

    /** The contents of a section, decompressed within the limits; empty for NOBITS. */
    public ByteReader bytes(Section section) {
        if (section.type() == Section.SHT_NOBITS || section.type() == Section.SHT_NULL) {
            return ByteReader.of(section.name(), new byte[0]).order(header.order());
        }
        var stored = file.slice(section.name(), section.offset(), section.size());
        boolean gnu = section.name().startsWith(".zdebug_");
        if (!gnu && !section.is(Section.SHF_COMPRESSED)) {
            return stored;
        }
        synchronized (decompressed) {
            ByteReader contents = decompressed.get(section.index());
            if (contents == null) {
                var packed = gnu ? CompressedSection.readGnu(stored) : CompressedSection.read(stored, header.is64Bit());
                contents = packed.decompress(arena, limits, decompressedBytesLeft);
                decompressedBytesLeft -= contents.size();
                decompressed.put(section.index(), contents);
            }
            return contents.copy();
        }
    }

    /** The {@code p_filesz} bytes of a segment, or what a truncated file still has of them. */
    public ByteReader bytes(Segment segment) {
        long offset = segment.offset();
        boolean outside = offset < 0 || offset > file.size();
        long present = outside || segment.fileSize() < 0 ? 0 : Math.min(segment.fileSize(), file.size() - offset);
        return file.slice("segment 0x%x".formatted(segment.address()), outside ? 0 : offset, present);
    }

    /** All notes up to the first broken one, of the PT_NOTE segments or else of the SHT_NOTE sections. */
    public List<Note> notes() {
        return notes;
    }

    /** What of the headers and notes was left out because it is broken. */
    public List<String> diagnostics() {
        return List.copyOf(diagnostics);
    }

    /** The GNU build id, else the SHA-256 of the file. */
    public BuildId buildId() {
        return gnuBuildId().orElseGet(this::sha256);
    }

    /** The build id that the linker wrote, where it did. */
    public Optional<BuildId> gnuBuildId() {
        for (Note note : notes) {
            long size = note.description().size();
            if (note.type() == NT_GNU_BUILD_ID
                    && note.name().equals("GNU")
                    && size > 0
                    && size <= MOST_BUILD_ID_BYTES) {
                return Optional.of(BuildId.of(note.description().copy().seek(0).bytes((int) size)));
            }
        }
        return Optional.empty();
    }

    /** The symbols of {@code .symtab}, else of {@code .dynsym}; read again on every iteration, none kept. */
    public Iterable<Symbol> symbols() {
        Section table = null;
        for (Section section : sections) {
            if (section.type() == Section.SHT_SYMTAB || (section.type() == Section.SHT_DYNSYM && table == null)) {
                table = section;
            }
        }
        if (table == null) {
            return List.of();
        }
        ByteReader extendedIndices = null;
        for (Section section : sections) {
            if (section.type() == SHT_SYMTAB_SHNDX && section.link() == table.index()) {
                extendedIndices = bytes(section);
            }
        }
        if (table.link() >= sections.size()) {
            throw file.error("%s links to section %d of %d", table.name(), table.link(), sections.size());
        }
        var names = bytes(sections.get((int) table.link()));
        return new SymbolTable(bytes(table), names, extendedIndices, header, limits);
    }

    /**
     * Bytes that are the same in every run of the image: {@code length} bytes at {@code address} inside one allocated
     * section, or segment where there are no sections, that is not writable. Empty where the file does not have them,
     * never zeros instead.
     */
    public Optional<ByteReader> readOnly(long address, long length) {
        for (Section section : sections) {
            long offset = address - section.address();
            if (section.contains(address)
                    && section.type() != Section.SHT_NOBITS
                    && !section.is(Section.SHF_WRITE)
                    && length >= 0
                    && length <= section.size() - offset) {
                return Optional.of(bytes(section).slice(section.name(), offset, length));
            }
        }
        if (!sections.isEmpty()) {
            return Optional.empty();
        }
        for (Segment segment : segments) {
            long offset = address - segment.address();
            if (segment.type() == Segment.PT_LOAD && (segment.flags() & Segment.PF_W) == 0) {
                var bytes = bytes(segment);
                if (offset >= 0 && length >= 0 && offset <= bytes.size() && length <= bytes.size() - offset) {
                    return Optional.of(bytes.slice(bytes.name(), offset, length));
                }
            }
        }
        return Optional.empty();
    }

    /** Unmaps the file; readers that it gave fail from here on. */
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
            read.add(Segment.read(table.take("program header", size), header.is64Bit()));
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
        if (header.sectionNames() == 0) {
            return List.copyOf(read);
        }
        if (header.sectionNames() >= count) {
            throw file.error("e_shstrndx %d of %d sections", header.sectionNames(), count);
        }
        var names = bytes(read.get((int) header.sectionNames()).named(".shstrtab"));
        for (int i = 0; i < count; i++) {
            long name = table.seek((long) i * size).u32();
            if (name < names.size()) {
                read.set(i, read.get(i).named(names.seek(name).string(limits)));
            } else {
                diagnostics.add("section %d has no name at 0x%x".formatted(i, name));
            }
        }
        return List.copyOf(read);
    }

    private List<Note> readNotes() {
        var read = new ArrayList<Note>();
        boolean inSegments = false;
        for (Segment segment : segments) {
            if (segment.type() == Segment.PT_NOTE) {
                inSegments |= readNotes(bytes(segment), segment.alignment(), read);
            }
        }
        // objcopy --only-keep-debug leaves program headers that point at nothing
        for (Section section : sections) {
            if (!inSegments && section.type() == Section.SHT_NOTE) {
                readNotes(section.name(), section, read);
            }
        }
        return List.copyOf(read);
    }

    private void readNotes(String name, Section section, List<Note> read) {
        try {
            readNotes(bytes(section), 4, read);
        } catch (FormatException e) {
            diagnostics.add(name + ": " + e.getMessage());
        }
    }

    private boolean readNotes(ByteReader in, long alignment, List<Note> read) {
        try {
            while (in.hasRemaining()) {
                read.add(Note.read(in, alignment == 8 ? 8 : 4, limits));
            }
            return true;
        } catch (FormatException e) {
            diagnostics.add("notes: " + e.getMessage());
            return false;
        }
    }

    private BuildId sha256() {
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
}
