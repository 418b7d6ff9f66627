package dev.faultline.symbols.elf;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * An ELF file, 32 or 64 bits, of either byte order: image, shared object, relocatable object or core; or an image and
 * its separate debug file seen as one. Safe for use by many threads.
 */
public abstract sealed class ElfFile implements AutoCloseable permits MappedElfFile, JoinedElfFile {
    private final Limits limits;

    /** What later stages made of the file, by its class. */
    private final Map<Class<?>, Object> derived = new ConcurrentHashMap<>();

    ElfFile(Limits limits) {
        this.limits = limits;
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
            return MappedElfFile.of(arena, ByteReader.of(String.valueOf(file.getFileName()), bytes), limits);
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
            return MappedElfFile.of(arena, file, limits);
        } catch (RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    /**
     * A stripped image and its separate debug file as one file, in either order: each section from the one that has its
     * bytes. The joined file owns both and closes them.
     *
     * @throws FormatException when they are not of the same build; both stay the caller's then
     */
    public static ElfFile joined(ElfFile first, ElfFile second) {
        return JoinedElfFile.of(first, second);
    }

    public abstract ElfHeader header();

    /**
     * The section headers, each at its index. In a relocatable object, sections that are part of the image have the
     * addresses of {@link ObjectLayout}: the main section of code at 0. An image without section headers has those that
     * {@link SectionsOfSegments} makes; a core may have none.
     */
    public abstract List<Section> sections();

    /** The program headers. */
    public abstract List<Segment> segments();

    /**
     * The contents of one of the {@link #sections}, decompressed within the limits, and with the relocations of a
     * relocatable object applied where it is not code; empty for NOBITS.
     */
    public abstract ByteReader bytes(Section section);

    /** The {@code p_filesz} bytes of a segment, or what a truncated file still has of them. */
    public abstract ByteReader bytes(Segment segment);

    /** The notes of the sections or else of the program headers; of a broken region those before the damage. */
    public abstract List<Note> notes();

    /**
     * Something that a later stage makes of the file once, and that is kept for as long as the file is open: such as the
     * parsed part of its debugging information.
     */
    public final <T> T derived(Class<T> kind, Supplier<T> maker) {
        return kind.cast(derived.computeIfAbsent(kind, any -> maker.get()));
    }

    /** What has been left out so far because it is broken or unknown; grows while sections are read. */
    public abstract List<String> diagnostics();

    /**
     * The symbols of {@code .symtab}, else of {@code .dynsym} and of the smaller symbol table in {@code .gnu_debugdata};
     * read again on every iteration, none kept.
     */
    public abstract Iterable<Symbol> symbols();

    /** The SHA-256 of the file, by which ESP-IDF names a build ({@code app_elf_sha256}). */
    public abstract BuildId fileSha256();

    /** Unmaps the file; readers that it gave fail from here on. */
    @Override
    public abstract void close();

    final Limits limits() {
        return limits;
    }

    /** Whether addresses and names in the contents of a section are still to be filled in by a linker. */
    abstract boolean isUnlinked(Section section);

    /** The first section of this name. */
    public final Optional<Section> section(String name) {
        for (Section section : sections()) {
            if (section.name().equals(name)) {
                return Optional.of(section);
            }
        }
        return Optional.empty();
    }

    /** The GNU build id, else the SHA-256 of the file. */
    public final BuildId buildId() {
        return gnuBuildId().orElseGet(this::fileSha256);
    }

    /** The build id that the linker wrote, where it did; one of no bytes or of zeros only is none. */
    public final Optional<BuildId> gnuBuildId() {
        for (Note note : notes()) {
            if (note.isBuildId()) {
                return Optional.of(BuildId.of(note.bytes()));
            }
        }
        return Optional.empty();
    }

    /** What the Go linker calls a build id: a text, the same in the stripped file; not the identity of a build here. */
    public final Optional<String> goBuildId() {
        for (Note note : notes()) {
            if (note.isGoBuildId()) {
                return Optional.of(new String(note.bytes(), StandardCharsets.UTF_8));
            }
        }
        return Optional.empty();
    }

    /**
     * The debug file that a stripped image names.
     *
     * @throws FormatException when its section is broken
     */
    public final Optional<DebugLink> debugLink() {
        return section(".gnu_debuglink").map(section -> DebugLink.read(bytes(section), limits));
    }

    /**
     * The file of what several debug files have in common.
     *
     * @throws FormatException when its section is broken
     */
    public final Optional<AlternateLink> alternateLink() {
        return section(".gnu_debugaltlink")
                .map(section -> AlternateLink.read(bytes(section), limits))
                .or(() -> supplementary()
                        .filter(supplementary -> !supplementary.isSupplementary())
                        .map(AlternateLink.Supplementary::link));
    }

    /**
     * What the files that name this one in their {@link #alternateLink} know it by.
     *
     * @throws FormatException when its section is broken
     */
    public final Optional<BuildId> alternateId() {
        return gnuBuildId()
                .or(() -> supplementary()
                        .filter(AlternateLink.Supplementary::isSupplementary)
                        .map(supplementary -> supplementary.link().buildId()));
    }

    private Optional<AlternateLink.Supplementary> supplementary() {
        return section(".debug_sup").map(section -> AlternateLink.Supplementary.read(bytes(section), limits));
    }

    /**
     * Bytes that are the same in every run of the image: {@code length} bytes at {@code address} inside one allocated
     * section, or segment of a core, that is not writable. Empty where the file does not have them, never zeros instead.
     */
    public final Optional<ByteReader> readOnly(long address, long length) {
        for (Section section : sections()) {
            long offset = address - section.address();
            if (section.contains(address)
                    && section.type() != Section.SHT_NOBITS
                    && !section.is(Section.SHF_WRITE)
                    && !isUnlinked(section)
                    && length >= 0
                    && length <= section.size() - offset) {
                return Optional.of(bytes(section).slice(section.name(), offset, length));
            }
        }
        if (!sections().isEmpty()) {
            return Optional.empty();
        }
        for (Segment segment : segments()) {
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
}
