package dev.faultline.symbols.ehabi;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.dwarf.UnwindRow;
import dev.faultline.symbols.dwarf.UnwindRowSink;
import dev.faultline.symbols.dwarf.UnwindRules;
import dev.faultline.symbols.elf.ElfFile;
import dev.faultline.symbols.elf.Section;
import dev.faultline.symbols.elf.Segment;
import java.io.ByteArrayOutputStream;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code .ARM.exidx} (EHABI32, 6): for each function from where on an entry holds and how to unwind, there or in
 * {@code .ARM.extab}. An entry holds up to the next one. One that is broken is left out and said.
 */
public final class ExceptionIndexTable {
    private static final int MOST_DIAGNOSTICS = 100;
    private static final long SHT_ARM_EXIDX = 0x7000_0001;
    private static final long PT_ARM_EXIDX = 0x7000_0001;
    private static final int ENTRY = 8;
    private static final long CANTUNWIND = 1;
    private static final long COMPACT = 1L << 31;

    /** Where the address space ends: up to there the last entry holds. */
    private static final long END = 1L << 32;

    private final ByteReader table;
    private final long address;
    private final Contents contents;
    private final UnwindRules rules;
    private final Consumer<String> diagnostics;
    private int complaints;

    private ExceptionIndexTable(
            ByteReader table, long address, Contents contents, UnwindRules rules, Consumer<String> diagnostics) {
        this.table = table;
        this.address = address;
        this.contents = contents;
        this.rules = rules;
        this.diagnostics = diagnostics;
    }

    /** What the image has at an address, where it has all of it. */
    @FunctionalInterface
    public interface Contents {
        Optional<ByteReader> at(long address, long length);
    }

    /** Reads the table of an image, if it has one. */
    public static void read(
            ElfFile elf, Limits limits, UnwindRules rules, UnwindRowSink sink, Consumer<String> diagnostics) {
        var contents = new ReadOnlyContents(elf);
        try {
            for (Section section : elf.sections()) {
                if (section.type() == SHT_ARM_EXIDX) {
                    read(elf.bytes(section), section.address(), contents, limits, rules, sink, diagnostics);
                }
            }
            for (Segment segment : elf.segments()) {
                if (elf.sections().isEmpty() && segment.type() == PT_ARM_EXIDX) {
                    read(elf.bytes(segment), segment.address(), contents, limits, rules, sink, diagnostics);
                }
            }
        } catch (FormatException e) {
            diagnostics.accept(String.valueOf(e.getMessage()));
        }
    }

    /**
     * Reads one table.
     *
     * @param address where the image has it
     */
    public static void read(
            ByteReader table,
            long address,
            Contents contents,
            Limits limits,
            UnwindRules rules,
            UnwindRowSink sink,
            Consumer<String> diagnostics) {
        new ExceptionIndexTable(table, address, contents, rules, diagnostics).read(limits, sink);
    }

    private void read(Limits limits, UnwindRowSink sink) {
        // C without -funwind-tables has a table all the same, which says that nothing can be unwound: it knows nothing
        if (saysNothing()) {
            return;
        }
        long count = table.size() / ENTRY;
        if (table.size() % ENTRY != 0) {
            complain(table.error("0x%x bytes, no multiple of %d", table.size(), ENTRY));
        }
        if (count > limits.unwindRows()) {
            complain(table.error("%d entries; those behind %d are left out", count, limits.unwindRows()));
            count = limits.unwindRows();
        }
        long start = -1;
        int rule = UnwindRules.NONE;
        for (long i = 0; i < count; i++) {
            var entry = table.slice("exception table entry", i * ENTRY, ENTRY);
            long entryAddress = address + i * ENTRY;
            try {
                long next = prel31(entry, entryAddress) & ~1L; // Thumb bit
                if (next < start) {
                    throw entry.error("function at 0x%x, the entry before has 0x%x", next, start);
                }
                emit(start, next, rule, sink);
                start = next;
                rule = UnwindRules.NONE;
                rule = rules.number(row(entry, entryAddress + 4));
            } catch (FormatException e) {
                complain(e);
            }
        }
        emit(start, END, rule, sink);
    }

    private static void emit(long start, long end, int rule, UnwindRowSink sink) {
        if (rule != UnwindRules.NONE && start < end) {
            sink.entry(start, end);
            sink.row(start, end, rule);
        }
    }

    private boolean saysNothing() {
        for (long at = 4; at + 4 <= table.size(); at += ENTRY) {
            if (table.copy().seek(at).u32() != CANTUNWIND) {
                return false;
            }
        }
        return true;
    }

    /** The second word of an entry, which is at {@code wordAddress}. */
    private UnwindRow row(ByteReader in, long wordAddress) {
        long word = in.u32();
        if (word == CANTUNWIND) {
            return UnwindInstructions.cannotUnwind();
        }
        if ((word & COMPACT) != 0) {
            return UnwindInstructions.row(compact(in, word, 0, words(0, 0)));
        }
        long tableAddress = prel31(in.seek(4), wordAddress);
        var first = words(tableAddress, 1);
        long head = first.u32();
        if ((head & COMPACT) != 0) {
            long more = (head >>> 24 & 0xf) == 0 ? 0 : head >>> 16 & 0xff;
            return UnwindInstructions.row(compact(first, head, more, words(tableAddress + 4, more)));
        }
        // a personality routine of its own: GCC and LLVM put the same instructions behind it for all of theirs
        long next = words(tableAddress + 4, 1).u32();
        return UnwindInstructions.row(
                instructions("unwind instructions", next << 8, 3, words(tableAddress + 8, next >>> 24)));
    }

    /** Instructions of the compact model (EHABI32, 7.3): three of them, or two and those of more words. */
    private static ByteReader compact(ByteReader in, long head, long more, ByteReader words) {
        if ((head >>> 28 & 7) != 0) {
            throw in.error("reserved bits in the exception table word 0x%x", head);
        }
        return switch ((int) (head >>> 24 & 0xf)) {
            case 0 -> instructions("unwind instructions", head << 8, 3, words);
            case 1, 2 -> {
                if ((head >>> 16 & 0xff) != more) {
                    throw in.error("exception table word 0x%x has more words and no room for them", head);
                }
                yield instructions("unwind instructions", head << 16, 2, words);
            }
            default -> throw in.error("reserved personality routine %d", head >>> 24 & 0xf);
        };
    }

    /** Instructions stand from the most significant byte of a word to the least, in whichever byte order it is. */
    private static ByteReader instructions(String name, long word, int count, ByteReader words) {
        var bytes = new ByteArrayOutputStream();
        for (int i = 0; i < count; i++) {
            bytes.write((int) (word >>> (24 - 8 * i)));
        }
        while (words.hasRemaining()) {
            long next = words.u32();
            for (int shift = 24; shift >= 0; shift -= 8) {
                bytes.write((int) (next >>> shift));
            }
        }
        return ByteReader.of(name, bytes.toByteArray());
    }

    private ByteReader words(long at, long count) {
        if (count == 0) { // behind the last word of the section, perhaps
            return ByteReader.of("no more words", new byte[0]);
        }
        return contents.at(at, count * 4)
                .orElseThrow(() -> table.error("the image has no exception table at 0x%x, 0x%x bytes", at, count * 4));
    }

    /**
     * The bytes of an image. Its exception tables are in one section; an index that leads from section to section is
     * followed only so often, because finding one takes a look at all of them.
     */
    private static final class ReadOnlyContents implements Contents {
        private static final int MOST_SEARCHES = 1_000;

        private final ElfFile elf;
        private @Nullable Section last;
        private int searches;

        ReadOnlyContents(ElfFile elf) {
            this.elf = elf;
        }

        @Override
        public Optional<ByteReader> at(long address, long length) {
            var section = last;
            if (section == null || !section.contains(address)) {
                if (searches == MOST_SEARCHES) {
                    return Optional.empty();
                }
                searches++;
                last = sectionAt(address);
                return elf.readOnly(address, length);
            }
            long offset = address - section.address();
            return length <= section.size() - offset
                    ? Optional.of(elf.bytes(section).slice(section.name(), offset, length))
                    : Optional.empty();
        }

        private @Nullable Section sectionAt(long address) {
            for (Section section : elf.sections()) {
                if (section.contains(address)
                        && section.type() != Section.SHT_NOBITS
                        && !section.is(Section.SHF_WRITE)) {
                    return section;
                }
            }
            return null;
        }
    }

    /** A place as 31 bits that count from where they are. */
    private static long prel31(ByteReader in, long here) {
        long word = in.u32();
        if ((word & COMPACT) != 0) {
            throw in.error("0x%x where a place has to be", word);
        }
        return here + ((int) word << 1 >> 1) & 0xffff_ffffL;
    }

    private void complain(FormatException e) {
        if (complaints++ < MOST_DIAGNOSTICS) {
            diagnostics.accept(String.valueOf(e.getMessage()));
        }
    }
}
