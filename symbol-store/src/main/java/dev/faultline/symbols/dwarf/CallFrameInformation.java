package dev.faultline.symbols.dwarf;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Reads {@code .debug_frame} (DWARF 5, 6.4) or {@code .eh_frame} (LSB Core, 10.6) and evaluates the instructions of
 * every entry once, to the rows of the table that they describe. An entry that is broken or that uses what is not known
 * here is left out and said; the others stand.
 */
public final class CallFrameInformation {
    private static final int MOST_DIAGNOSTICS = 100;

    private final ByteReader section;
    private final long sectionAddress;
    private final boolean exceptionFrames;
    private final int addressSize;
    private final Limits limits;
    private final Consumer<String> diagnostics;
    private final Map<Long, CommonInformationEntry> common = new HashMap<>();
    private int rows;
    private int complaints;

    private CallFrameInformation(
            ByteReader section,
            long sectionAddress,
            boolean exceptionFrames,
            int addressSize,
            Limits limits,
            Consumer<String> diagnostics) {
        this.section = section;
        this.sectionAddress = sectionAddress;
        this.exceptionFrames = exceptionFrames;
        this.addressSize = addressSize;
        this.limits = limits;
        this.diagnostics = diagnostics;
    }

    /** Takes the rows; one row holds from {@code start} up to but without {@code end}. */
    @FunctionalInterface
    public interface Rows {
        void row(long start, long end, UnwindRow row);
    }

    /** A {@code .debug_frame}; the sink gets the rows of one entry after the other, ascending inside an entry. */
    public static void readDebugFrame(
            ByteReader section, int addressSize, Limits limits, Rows sink, Consumer<String> diagnostics) {
        new CallFrameInformation(section, 0, false, addressSize, limits, diagnostics).read(sink);
    }

    /**
     * An {@code .eh_frame}.
     *
     * @param sectionAddress where the image has the section, for pointers that count from themselves
     */
    public static void readExceptionFrames(
            ByteReader section,
            long sectionAddress,
            int addressSize,
            Limits limits,
            Rows sink,
            Consumer<String> diagnostics) {
        new CallFrameInformation(section, sectionAddress, true, addressSize, limits, diagnostics).read(sink);
    }

    private void read(Rows sink) {
        var in = section.copy().seek(0);
        while (in.hasRemaining()) {
            long start = in.position();
            Entry entry;
            try {
                entry = Entry.read(in, exceptionFrames);
            } catch (FormatException e) {
                // without a length the next entry can not be found
                complain(e);
                return;
            }
            if (entry.terminator()) {
                return;
            }
            in.seek(entry.end());
            if (entry.isCommon()) {
                continue;
            }
            try {
                evaluate(entry, sink);
            } catch (FormatException e) {
                complain(e);
            }
            if (rows >= limits.unwindRows()) {
                diagnostics.accept("%s: more than %d rows; entries from 0x%x on are left out"
                        .formatted(section.name(), limits.unwindRows(), start));
                return;
            }
        }
    }

    private void evaluate(Entry entry, Rows sink) {
        var cie = commonInformation(entry.commonAt());
        var in = section.slice("frame description entry", entry.contentAt(), entry.end() - entry.contentAt());
        long initialLocation = cie.pointers().read(in, addressOf(entry.contentAt()));
        long range = cie.pointers().readSize(in);
        if (cie.sizedAugmentation()) {
            in.skip(unsignedLength(in));
        }
        long instructionsAt = entry.contentAt() + in.position();
        var instructions = in.take("call frame instructions", in.remaining());
        var program = new CallFrameProgram(cie, limits, (start, end, row) -> {
            rows++;
            sink.row(start, end, row);
        });
        program.run(instructions, addressOf(instructionsAt), initialLocation, initialLocation + range);
    }

    private CommonInformationEntry commonInformation(long offset) {
        var known = common.get(offset);
        if (known != null) {
            return known;
        }
        var entry = Entry.read(section.copy().seek(offset), exceptionFrames);
        if (entry.terminator() || !entry.isCommon()) {
            throw section.error("no common information entry at +0x%x", offset);
        }
        var read = CommonInformationEntry.read(
                section.slice("common information entry", entry.contentAt(), entry.end() - entry.contentAt()),
                addressOf(entry.contentAt()),
                addressSize,
                exceptionFrames,
                limits);
        common.put(offset, read);
        return read;
    }

    private long addressOf(long offset) {
        return sectionAddress + offset;
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
    private record Entry(long end, boolean isCommon, long commonAt, long contentAt, boolean terminator) {

        static Entry read(ByteReader in, boolean exceptionFrames) {
            long start = in.position();
            long length = in.u32();
            boolean wide = length == 0xffff_ffffL;
            if (wide) {
                length = in.u64();
            } else if (length == 0 && exceptionFrames) {
                return new Entry(in.position(), false, 0, in.position(), true);
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
            if (exceptionFrames) {
                return new Entry(end, id == 0, idAt - id, in.position(), false);
            }
            boolean isCommon = id == (wide ? -1L : 0xffff_ffffL);
            return new Entry(end, isCommon, id, in.position(), false);
        }
    }
}
