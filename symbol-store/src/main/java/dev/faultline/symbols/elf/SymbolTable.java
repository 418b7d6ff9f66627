package dev.faultline.symbols.elf;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.Limits;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The symbols of one table, decoded while they are iterated over. */
final class SymbolTable implements Iterable<Symbol> {
    static final int SIZE_32 = 16;
    static final int SIZE_64 = 24;

    /** Names may share their ends, but not so much that reading them takes for ever. */
    private static final int NAME_BYTES_PER_TABLE_BYTE = 8;

    private static final int NAME_BYTES_PER_SYMBOL = 64;

    private final ByteReader table;
    private final ByteReader names;
    private final @Nullable ByteReader extendedIndices;
    private final ElfHeader header;
    private final UnaryOperator<Symbol> placement;
    private final Limits limits;
    private final int count;

    /**
     * A table of symbols.
     *
     * @param names the string table it links to
     * @param extendedIndices SHT_SYMTAB_SHNDX, when there is one
     * @param placement gives a symbol the address and section that it has in the file as it is shown
     */
    SymbolTable(
            ByteReader table,
            ByteReader names,
            @Nullable ByteReader extendedIndices,
            ElfHeader header,
            UnaryOperator<Symbol> placement,
            Limits limits) {
        this.table = table;
        this.names = names;
        this.extendedIndices = extendedIndices;
        this.header = header;
        this.placement = placement;
        this.limits = limits;
        long symbols = table.size() / (header.is64Bit() ? SIZE_64 : SIZE_32);
        this.count = Limits.checkCount(table, "number of symbols", symbols, limits.symbols());
    }

    @Override
    public Iterator<Symbol> iterator() {
        return new Iterator<>() {
            private final ByteReader in = table.copy().seek(0);
            private final ByteReader text = names.copy();
            private long nameBytes = NAME_BYTES_PER_TABLE_BYTE * names.size() + NAME_BYTES_PER_SYMBOL * (long) count;
            private int next;

            @Override
            public boolean hasNext() {
                return next < count;
            }

            @Override
            public Symbol next() {
                if (next == count) {
                    throw new NoSuchElementException();
                }
                return header.is64Bit() ? read64(next++) : read32(next++);
            }

            private Symbol read32(int index) {
                long name = in.u32();
                long value = in.u32();
                long size = in.u32();
                int info = in.u8();
                in.skip(1); // st_other
                return symbol(index, name, value, size, info, in.u16());
            }

            private Symbol read64(int index) {
                long name = in.u32();
                int info = in.u8();
                in.skip(1); // st_other
                int section = in.u16();
                long value = in.u64();
                long size = in.u64();
                return symbol(index, name, value, size, info, section);
            }

            private Symbol symbol(int index, long name, long value, long size, int info, int section) {
                int type = info & 0xf;
                boolean thumb =
                        header.machine() == Machine.EM_ARM && (type == Symbol.STT_FUNC || type == Symbol.STT_GNU_IFUNC);
                return placement.apply(new Symbol(
                        name(name), thumb ? value & ~1L : value, size, type, info >> 4, section(index, section)));
            }

            private String name(long offset) {
                if (offset == 0 || offset >= text.size()) {
                    return "";
                }
                String name = text.seek(offset).string(limits);
                nameBytes -= text.position() - offset;
                if (nameBytes < 0) {
                    throw text.error("symbol names overlap beyond reason");
                }
                return name;
            }
        };
    }

    private int section(int index, int section) {
        if (section == Symbol.SHN_XINDEX && extendedIndices != null) {
            long place = 4L * index;
            return place + 4 > extendedIndices.size()
                    ? Symbol.RESERVED
                    : Math.max(
                            Symbol.RESERVED, extendedIndices.copy().seek(place).i32());
        }
        return section >= Symbol.SHN_LORESERVE ? Symbol.RESERVED : section;
    }
}
