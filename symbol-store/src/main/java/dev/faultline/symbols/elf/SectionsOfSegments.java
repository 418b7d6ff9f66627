package dev.faultline.symbols.elf;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import java.util.ArrayList;
import java.util.List;

/**
 * Sections for an image without section headers, out of its program headers: one for the bytes of each loaded segment
 * and one for the zeros behind them, then {@code .dynsym} and {@code .dynstr} as PT_DYNAMIC has them, {@code .eh_frame}
 * as PT_GNU_EH_FRAME does, and {@code .ARM.exidx}.
 */
final class SectionsOfSegments {
    private static final int PC_RELATIVE_SDATA4 = 0x1b;

    private final ByteReader file;
    private final ElfHeader header;
    private final Limits limits;
    private final Diagnostics diagnostics;
    private final SegmentBytes image;
    private final List<Section> sections = new ArrayList<>();

    private SectionsOfSegments(
            ByteReader file, ElfHeader header, List<Segment> segments, Limits limits, Diagnostics diagnostics) {
        this.file = file;
        this.header = header;
        this.limits = limits;
        this.diagnostics = diagnostics;
        this.image = new SegmentBytes(file, segments);
    }

    static List<Section> of(
            ByteReader file, ElfHeader header, List<Segment> segments, Limits limits, Diagnostics diagnostics) {
        var made = new SectionsOfSegments(file, header, segments, limits, diagnostics);
        made.add("", Section.SHT_NULL, 0, 0, 0, 0);
        for (Segment segment : segments) {
            if (segment.type() == Segment.PT_LOAD) {
                made.load(segment);
            }
        }
        for (Segment segment : segments) {
            try {
                made.special(segment);
            } catch (FormatException e) {
                diagnostics.add(e);
            }
        }
        return List.copyOf(made.sections);
    }

    private void load(Segment segment) {
        long flags = Section.SHF_ALLOC
                | ((segment.flags() & Segment.PF_X) != 0 ? Section.SHF_EXECINSTR : 0)
                | ((segment.flags() & Segment.PF_W) != 0 ? Section.SHF_WRITE : 0);
        long end = segment.offset() + segment.fileSize();
        if (segment.offset() < 0 || segment.fileSize() < 0 || end < 0 || end > file.size()) {
            diagnostics.add("the segment at 0x%x lies outside the file".formatted(segment.address()));
            return;
        }
        String name = "segment 0x%x".formatted(segment.address());
        if (segment.fileSize() > 0) {
            add(name, Section.SHT_PROGBITS, flags, segment.address(), segment.offset(), segment.fileSize());
        }
        if (segment.memorySize() != segment.fileSize()) {
            add(
                    name + ", zeros",
                    Section.SHT_NOBITS,
                    flags & ~Section.SHF_EXECINSTR,
                    segment.address() + segment.fileSize(),
                    end,
                    segment.memorySize() - segment.fileSize());
        }
    }

    private void special(Segment segment) {
        if (segment.type() == Segment.PT_DYNAMIC) {
            symbols(segment);
        } else if (segment.type() == Segment.PT_GNU_EH_FRAME) {
            exceptionFrames(segment);
        } else if (segment.type() == Segment.PT_ARM_EXIDX && header.machine() == Machine.EM_ARM) {
            file.slice(".ARM.exidx", segment.offset(), segment.fileSize());
            add(
                    ".ARM.exidx",
                    Section.SHT_ARM_EXIDX,
                    Section.SHF_ALLOC,
                    segment.address(),
                    segment.offset(),
                    segment.fileSize());
        }
    }

    private void symbols(Segment segment) {
        var dynamic = file.slice("PT_DYNAMIC", segment.offset(), segment.fileSize());
        var table = DynamicTable.read(dynamic, image, header, limits);
        long size = table.count() * (header.is64Bit() ? SymbolTable.SIZE_64 : SymbolTable.SIZE_32);
        if (size == 0) {
            return;
        }
        image.from(".dynsym", table.symbols()).skip(size);
        image.from(".dynstr", table.strings()).skip(table.stringBytes());
        int strings = sections.size() + 1;
        sections.add(new Section(
                sections.size(),
                ".dynsym",
                Section.SHT_DYNSYM,
                Section.SHF_ALLOC,
                table.symbols(),
                image.offset(table.symbols()),
                size,
                strings,
                0,
                header.addressSize(),
                0));
        add(
                ".dynstr",
                Section.SHT_STRTAB,
                Section.SHF_ALLOC,
                table.strings(),
                image.offset(table.strings()),
                table.stringBytes());
    }

    /** PT_GNU_EH_FRAME points at a search table that begins with where {@code .eh_frame} is (LSB Core, 10.6.2). */
    private void exceptionFrames(Segment segment) {
        var in = file.slice(".eh_frame_hdr", segment.offset(), segment.fileSize());
        int version = in.u8();
        int encoding = in.u8();
        in.skip(2); // how the table behind is encoded
        if (version != 1 || encoding != PC_RELATIVE_SDATA4) {
            throw in.error(
                    "version %d, pointer encoding 0x%x; wanted 1 and 0x%x", version, encoding, PC_RELATIVE_SDATA4);
        }
        long pointed = segment.address() + 4 + in.i32();
        long address = header.is64Bit() ? pointed : pointed & 0xffff_ffffL;
        var frames = image.from(".eh_frame", address);
        add(
                ".eh_frame",
                Section.SHT_PROGBITS,
                Section.SHF_ALLOC,
                address,
                image.offset(address),
                untilTerminator(frames));
    }

    /** Entries go up to one of no length, or to the end. */
    private static long untilTerminator(ByteReader frames) {
        while (frames.remaining() >= 4) {
            long length = frames.u32();
            if (length == 0) {
                break;
            }
            if (length == 0xffff_ffffL) {
                length = frames.u64();
            }
            if (length < 0 || length > frames.remaining()) {
                throw frames.error("entry of 0x%x bytes, 0x%x left", length, frames.remaining());
            }
            frames.skip(length);
        }
        return frames.position();
    }

    private void add(String name, long type, long flags, long address, long offset, long size) {
        sections.add(new Section(sections.size(), name, type, flags, address, offset, size, 0, 0, 1, 0));
    }
}
