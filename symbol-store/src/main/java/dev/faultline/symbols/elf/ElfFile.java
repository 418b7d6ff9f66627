package dev.faultline.symbols.elf;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.Limits;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** An ELF file, 32 or 64 bits, of either byte order: image, shared object, relocatable object or core. */
@SuppressWarnings("DoNotCallSuggester") // filled by the next commits
public final class ElfFile implements AutoCloseable {

    /**
     * Maps a file and reads its headers; I/O errors are UncheckedIOExceptions.
     *
     * @throws dev.faultline.symbols.bytes.FormatException when it is not ELF or its headers are broken
     */
    public static ElfFile open(Path file, Limits limits) {
        throw new UnsupportedOperationException();
    }

    /** Reads the headers of a file that is in memory already. */
    public static ElfFile of(ByteReader file, Limits limits) {
        throw new UnsupportedOperationException();
    }

    public ElfHeader header() {
        throw new UnsupportedOperationException();
    }

    public List<Section> sections() {
        throw new UnsupportedOperationException();
    }

    public List<Segment> segments() {
        throw new UnsupportedOperationException();
    }

    /** The first section of this name. */
    public Optional<Section> section(String name) {
        throw new UnsupportedOperationException();
    }

    /** The contents of a section, decompressed within the limits; empty for NOBITS. */
    public ByteReader bytes(Section section) {
        throw new UnsupportedOperationException();
    }

    /** The {@code p_filesz} bytes of a segment. */
    public ByteReader bytes(Segment segment) {
        throw new UnsupportedOperationException();
    }

    /** All notes, of the PT_NOTE segments or else of the SHT_NOTE sections. */
    public List<Note> notes() {
        throw new UnsupportedOperationException();
    }

    /** The GNU build id, else the SHA-256 of the file. */
    public BuildId buildId() {
        throw new UnsupportedOperationException();
    }

    /** The symbols of {@code .symtab}, else of {@code .dynsym}; read again on every iteration, none kept. */
    public Iterable<Symbol> symbols() {
        throw new UnsupportedOperationException();
    }

    /**
     * Bytes that are the same in every run of the image: {@code length} bytes at {@code address} inside one allocated
     * PROGBITS section that is not writable. Empty where the file does not have them, never zeros instead.
     */
    public Optional<ByteReader> readOnly(long address, long length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
