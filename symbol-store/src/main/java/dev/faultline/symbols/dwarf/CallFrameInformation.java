package dev.faultline.symbols.dwarf;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code .debug_frame} (DWARF 5, 6.4) or {@code .eh_frame} (LSB Core, 10.6) and evaluates the instructions of
 * every entry once, to the rows of the table that they describe. An entry that is broken or that uses what is not known
 * here is left out and said; the others stand.
 */
public final class CallFrameInformation {
    private static final int MOST_DIAGNOSTICS = 100;

    /** Longest common information entry: the longest seen have some 60 bytes, but their number is the file's to choose. */
    private static final int MOST_COMMON_BYTES = 1 << 12;

    private static final int MOST_COMMON_KEPT = 1 << 12;

    private final CallFrameSection section;
    private final Limits limits;
    private final CallFrameProgram program;
    private final UnwindRowSink sink;
    private final Consumer<String> diagnostics;

    /** By offset; every object file that was linked brought one, and what refers to it follows it. */
    private final Map<Long, CommonInformationEntry> common = new HashMap<>();

    private final Map<Long, FormatException> brokenCommon = new HashMap<>();
    private long lastCommonAt = -1;
    private @Nullable CommonInformationEntry lastCommon;
    private long rows;
    private int complaints;

    private CallFrameInformation(
            CallFrameSection section,
            Limits limits,
            UnwindRules rules,
            UnwindRowSink sink,
            Consumer<String> diagnostics) {
        this.section = section;
        this.limits = limits;
        this.program = new CallFrameProgram(section, limits, rules);
        this.sink = sink;
        this.diagnostics = diagnostics;
    }

    /** Reads a section; the sink gets its entries in the order of the section, each with numbers of {@code rules}. */
    public static void read(
            CallFrameSection section,
            Limits limits,
            UnwindRules rules,
            UnwindRowSink sink,
            Consumer<String> diagnostics) {
        new CallFrameInformation(section, limits, rules, sink, diagnostics).read();
    }

    private void read() {
        var in = section.bytes().copy().seek(0);
        while (in.hasRemaining()) {
            long start = in.position();
            Entry entry;
            try {
                entry = Entry.read(in, section.exceptionFrames());
            } catch (FormatException e) {
                // without a length the next entry can not be found
                complain(e);
                return;
            }
            in.seek(entry.end());
            if (entry.kind() == Entry.Kind.DESCRIPTION) {
                try {
                    evaluate(entry);
                } catch (FormatException e) {
                    complain(e);
                }
            }
            if (rows >= limits.unwindRows()) {
                diagnostics.accept("%s: more than %d rows; entries from 0x%x on are left out"
                        .formatted(section.bytes().name(), limits.unwindRows(), start));
                return;
            }
        }
    }

    private void evaluate(Entry entry) {
        var cie = commonInformation(entry.commonAt());
        var in = content("frame description entry", entry);
        if (cie.selectorSize() != 0) {
            needFlat(in, cie.selectorSize());
        }
        long start = cie.pointers().read(in, section, section.address() + entry.contentAt(), 0);
        long end = start + cie.pointers().readSize(in);
        if (Long.compareUnsigned(end, start) < 0) {
            throw in.error("range from 0x%x to 0x%x", start, end);
        }
        if (cie.sizedAugmentation()) {
            in.skip(unsignedLength(in));
        }
        long instructionsAt = entry.contentAt() + in.position();
        var instructions = in.take("call frame instructions", in.remaining());
        program.run(cie, instructions, instructionsAt, start, end);
        rows += program.count();
        sink.entry(start, end);
        for (int row = 0; row < program.count(); row++) {
            if (program.rule(row) != UnwindRules.NONE) {
                sink.row(program.start(row), program.end(row), program.rule(row));
            }
        }
    }

    /** An address in a segment other than 0 is none that could be looked up (DWARF 4, 6.4.1). */
    private static void needFlat(ByteReader in, int selectorSize) {
        for (int i = 0; i < selectorSize; i++) {
            if (in.u8() != 0) {
                throw in.error("an address in another segment");
            }
        }
    }

    private CommonInformationEntry commonInformation(long offset) {
        if (offset == lastCommonAt && lastCommon != null) {
            return lastCommon;
        }
        var known = common.get(offset);
        if (known == null) {
            var broken = brokenCommon.get(offset);
            if (broken != null) {
                throw broken;
            }
            try {
                known = readCommonInformation(offset);
            } catch (FormatException e) {
                if (brokenCommon.size() == MOST_DIAGNOSTICS) {
                    brokenCommon.clear();
                }
                brokenCommon.put(offset, e);
                throw e;
            }
            if (common.size() == MOST_COMMON_KEPT) {
                common.clear();
            }
            common.put(offset, known);
        }
        lastCommonAt = offset;
        lastCommon = known;
        return known;
    }

    private CommonInformationEntry readCommonInformation(long offset) {
        var entry = Entry.read(section.bytes().copy().seek(offset), section.exceptionFrames());
        if (entry.kind() != Entry.Kind.COMMON) {
            throw section.bytes().error("no common information entry at +0x%x", offset);
        }
        var in = content("common information entry", entry);
        Limits.checkCount(in, "size", in.size(), MOST_COMMON_BYTES);
        var cie = CommonInformationEntry.read(in, entry.contentAt(), section, limits);
        program.initialise(cie);
        return cie;
    }

    private ByteReader content(String name, Entry entry) {
        return section.bytes().slice(name, entry.contentAt(), entry.end() - entry.contentAt());
    }

    private static long unsignedLength(ByteReader in) {
        long length = in.uleb();
        if (length < 0 || length > in.remaining()) {
            throw in.error("augmentation of 0x%x bytes, 0x%x left", length, in.remaining());
        }
        return length;
    }

    private void complain(FormatException e) {
        if (complaints++ < MOST_DIAGNOSTICS) {
            diagnostics.accept(String.valueOf(e.getMessage()));
        }
    }

    /**
     * An entry's frame: where it ends, what it is, where its content begins behind the CIE id or pointer.
     *
     * @param commonAt offset of the common information entry that a frame description entry refers to
     */
    private record Entry(long end, Kind kind, long commonAt, long contentAt) {

        enum Kind {
            COMMON,
            DESCRIPTION,
            /** A length of 0: the end of what one object file brought, which need not be the end of the section. */
            TERMINATOR
        }

        static Entry read(ByteReader in, boolean exceptionFrames) {
            long start = in.position();
            long length = in.u32();
            boolean wide = length == 0xffff_ffffL;
            if (wide) {
                length = in.u64();
            } else if (length == 0) {
                return new Entry(in.position(), Kind.TERMINATOR, 0, in.position());
            }
            if (length < 0 || length > in.remaining()) {
                throw in.error("entry at +0x%x of 0x%x bytes, 0x%x left", start, length, in.remaining());
            }
            long end = in.position() + length;
            long idAt = in.position();
            // .eh_frame has a four-byte id even where the length is wide
            long id = wide && !exceptionFrames ? in.u64() : in.u32();
            if (in.position() > end) {
                throw in.error("entry at +0x%x of 0x%x bytes has no room for its id", start, length);
            }
            boolean isCommon = exceptionFrames ? id == 0 : id == (wide ? -1L : 0xffff_ffffL);
            long commonAt = exceptionFrames ? idAt - id : id;
            return new Entry(end, isCommon ? Kind.COMMON : Kind.DESCRIPTION, commonAt, in.position());
        }
    }
}
