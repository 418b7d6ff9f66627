package dev.faultline.symbols.elf;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.bytes.SegmentInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Applies the relocations of an object to its sections of data, each on a copy that is made once. A linked image has its
 * relocations behind it, even where the linker was told to leave them in the file ({@code --emit-relocs}), and
 * instructions stay as the assembler left them: nobody here runs them. Safe for use by many threads.
 */
final class Relocations {
    private final ElfHeader header;
    private final List<Section> sections;
    private final SectionContents contents;
    private final Scratch scratch;
    private final Diagnostics diagnostics;

    /** Tables of relocations by the index of the section that they change. */
    private final Map<Integer, List<Section>> tables = new HashMap<>();

    private final Map<Integer, ByteReader> relocated = new ConcurrentHashMap<>();
    private final AtomicLong left;

    Relocations(
            ElfHeader header,
            List<Section> sections,
            SectionContents contents,
            Scratch scratch,
            Limits limits,
            Diagnostics diagnostics) {
        this.header = header;
        this.sections = sections;
        this.contents = contents;
        this.scratch = scratch;
        this.diagnostics = diagnostics;
        this.left = new AtomicLong(limits.relocations());
        for (Section section : sections) {
            if (section.type() == Section.SHT_RELA || section.type() == Section.SHT_REL) {
                tables.computeIfAbsent((int) section.info(), index -> new ArrayList<>(1))
                        .add(section);
            }
        }
    }

    /** Whether the object leaves anything in a section to a linker. */
    boolean change(Section section) {
        return tables.containsKey(section.index());
    }

    /** The contents with the relocations applied. */
    ByteReader contents(Section section) {
        if (section.isCode() || section.type() == Section.SHT_NOBITS || !change(section)) {
            return contents.of(section);
        }
        return relocated
                .computeIfAbsent(section.index(), index -> relocate(section))
                .copy();
    }

    private ByteReader relocate(Section section) {
        ByteReader plain = contents.of(section);
        scratch.reserve(plain, plain.size());
        MemorySegment copy;
        try {
            copy = scratch.keep(new SegmentInputStream(plain.segment()), plain.size());
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory is read, which does not fail
        }
        var field = new Field(section, copy, plain.order());
        for (Section table : tables.getOrDefault(section.index(), List.of())) {
            apply(table, field);
        }
        return ByteReader.of(plain.name(), copy.asReadOnly()).order(plain.order());
    }

    private void apply(Section table, Field field) {
        boolean explicit = table.type() == Section.SHT_RELA;
        int size = header.addressSize() * (explicit ? 3 : 2);
        var in = contents.of(table);
        long count = in.size() / size;
        if (left.addAndGet(-count) < 0) {
            throw in.error("%d relocations are more than the limit leaves", count);
        }
        var symbols = symbols(table, in);
        var unknown = new TreeMap<Integer, Integer>();
        int outside = 0;
        for (long i = 0; i < count; i++) {
            long offset = in.unsigned(header.addressSize());
            long symbol;
            int type;
            if (header.is64Bit() && header.machine() == Machine.EM_MIPS) {
                symbol = in.u32();
                in.skip(1); // r_ssym, of use to instructions only
                // r_type3, r_type2, r_type, one byte each whatever the byte order (MIPS64 ELF, 2.9)
                type = in.u8() << 16 | in.u8() << 8 | in.u8();
            } else if (header.is64Bit()) {
                long info = in.u64();
                symbol = info >>> 32;
                type = (int) info;
            } else {
                long info = in.u32();
                symbol = info >>> 8;
                type = (int) (info & 0xff);
            }
            long addend = explicit ? signed(in) : 0;
            var relocation = Relocation.of(header, type);
            if (relocation == null) {
                unknown.merge(type, 1, Integer::sum);
            } else if (relocation.formula() != Relocation.Formula.NONE
                    && !(field.seek(offset, relocation.bytes())
                            && symbols.seek(symbol, field.section)
                            && field.apply(relocation, symbols, addend, explicit))) {
                outside++;
            }
        }
        unknown.forEach(
                (type, times) -> diagnostics.add("%s: %d relocations of type %d for %s are not known and not applied"
                        .formatted(field.section.name(), times, type, Machine.name(header.machine()))));
        if (outside > 0) {
            diagnostics.add("%s: %d relocations of a place or symbol that is not there"
                    .formatted(field.section.name(), outside));
        }
    }

    private long signed(ByteReader in) {
        return header.is64Bit() ? in.u64() : in.i32();
    }

    private Symbols symbols(Section table, ByteReader in) {
        if (table.link() >= sections.size() || sections.get((int) table.link()).type() != Section.SHT_SYMTAB) {
            throw in.error("links to section %d, which is no symbol table", table.link());
        }
        Section symbols = sections.get((int) table.link());
        return new Symbols(contents.of(symbols), contents.extendedIndices(sections, symbols));
    }

    /** One symbol after the other, wherever it stands in the table. */
    private final class Symbols {
        private final ByteReader table;
        private final @Nullable ByteReader extendedIndices;
        private final int size = header.is64Bit() ? SymbolTable.SIZE_64 : SymbolTable.SIZE_32;
        private long value;
        private long address;

        Symbols(ByteReader table, @Nullable ByteReader extendedIndices) {
            this.table = table;
            this.extendedIndices = extendedIndices;
        }

        /** False where there is no such symbol. */
        boolean seek(long index, Section user) {
            if (index >= table.size() / size) {
                return false;
            }
            table.seek(index * size + 4); // st_name
            int info;
            int sectionIndex;
            if (header.is64Bit()) {
                info = table.u8();
                table.skip(1); // st_other
                sectionIndex = table.u16();
                value = table.u64();
            } else {
                value = table.u32();
                table.skip(4); // st_size
                info = table.u8();
                table.skip(1); // st_other
                sectionIndex = table.u16();
            }
            boolean thumb = header.machine() == Machine.EM_ARM && (info & 0xf) == Symbol.STT_FUNC;
            if (thumb && !user.is(Section.SHF_ALLOC)) {
                value &= ~1L; // debugging information has addresses of instructions, not of branches
            }
            Section section = section(index, sectionIndex);
            // a common symbol's value is an alignment
            address = sectionIndex == Symbol.SHN_COMMON ? 0 : value + (section == null ? 0 : section.address());
            return true;
        }

        private @Nullable Section section(long index, int section) {
            if (section == Symbol.SHN_XINDEX
                    && extendedIndices != null
                    && index < extendedIndices.size() / Integer.BYTES) {
                section =
                        Math.max(0, extendedIndices.seek(index * Integer.BYTES).i32());
            } else if (section >= Symbol.SHN_LORESERVE) {
                return null;
            }
            return section < sections.size() ? sections.get(section) : null;
        }
    }

    /** The field that a relocation changes. */
    private final class Field {
        private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;

        private final Section section;
        private final MemorySegment bytes;
        private final ValueLayout.OfShort shorts;
        private final ValueLayout.OfInt ints;
        private final ValueLayout.OfLong longs;
        private long offset;

        Field(Section section, MemorySegment bytes, ByteOrder order) {
            this.section = section;
            this.bytes = bytes;
            this.shorts = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(order);
            this.ints = ValueLayout.JAVA_INT_UNALIGNED.withOrder(order);
            this.longs = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(order);
        }

        /** False where the section has no such place. */
        boolean seek(long offset, int size) {
            this.offset = offset;
            return offset >= 0 && offset <= bytes.byteSize() - size;
        }

        /** False where the field is broken. */
        boolean apply(Relocation relocation, Symbols symbol, long explicitAddend, boolean explicit) {
            int size = relocation.bytes();
            long place = section.address() + offset;
            long held = get(size);
            long addend = explicit ? explicitAddend : held;
            switch (relocation.formula()) {
                case NONE -> {}
                case ABSOLUTE -> set(size, symbol.address + addend);
                case RELATIVE -> set(size, symbol.address + addend - place);
                case RELATIVE_31 -> {
                    long signed = explicit ? addend : held << 33 >> 33;
                    set(size, ((symbol.address + signed - place) & 0x7fff_ffffL) | (held & 0x8000_0000L));
                }
                case TLS_OFFSET -> set(size, symbol.value + addend - Relocation.threadPointerBias(header.machine()));
                case ADD -> set(size, held + symbol.address + explicitAddend);
                case SUBTRACT -> set(size, held - symbol.address - explicitAddend);
                case SET_6 -> set(size, (held & ~0x3fL) | ((symbol.address + explicitAddend) & 0x3f));
                case SUBTRACT_6 -> set(size, (held & ~0x3fL) | ((held - symbol.address - explicitAddend) & 0x3f));
                case SET_ULEB -> {
                    return setUleb(symbol.address + explicitAddend);
                }
                case SUBTRACT_ULEB -> {
                    return setUleb(uleb() - symbol.address - explicitAddend);
                }
            }
            return true;
        }

        private long get(int size) {
            return switch (size) {
                case 1 -> bytes.get(BYTE, offset);
                case 2 -> bytes.get(shorts, offset);
                case 4 -> bytes.get(ints, offset);
                default -> bytes.get(longs, offset);
            };
        }

        private void set(int size, long value) {
            switch (size) {
                case 1 -> bytes.set(BYTE, offset, (byte) value);
                case 2 -> bytes.set(shorts, offset, (short) value);
                case 4 -> bytes.set(ints, offset, (int) value);
                default -> bytes.set(longs, offset, value);
            }
        }

        private long uleb() {
            long value = 0;
            int shift = 0;
            for (long at = offset; at < bytes.byteSize(); at++, shift += 7) {
                long group = bytes.get(BYTE, at);
                value |= shift < Long.SIZE ? (group & 0x7f) << shift : 0;
                if (group >= 0) {
                    break;
                }
            }
            return value;
        }

        private boolean setUleb(long value) {
            for (long at = offset; at < bytes.byteSize(); at++) {
                byte group = bytes.get(BYTE, at);
                bytes.set(BYTE, at, (byte) ((group & 0x80) | (value & 0x7f)));
                value >>>= 7;
                if (group >= 0) {
                    return true;
                }
            }
            return false;
        }
    }
}
