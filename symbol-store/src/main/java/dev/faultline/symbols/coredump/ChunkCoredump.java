package dev.faultline.symbols.coredump;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.Limits;
import java.util.ArrayList;
import java.util.List;

/**
 * The coredump of the public chunk protocol: blocks of a type, an address and a length, and since version 2 a footer. It has
 * no checksum, so that a cut one is told by its own size alone.
 */
public record ChunkCoredump() implements CoredumpFormat {
    private static final long MAGIC = 0x4552_4f43L; // "CORE"
    private static final long FOOTER = 0x504d_5544L; // "DUMP"
    private static final int HEADER_BYTES = 12;
    private static final int FOOTER_BYTES = 16;
    private static final int FOOTER_SINCE = 2;

    @Override
    public String name() {
        return "chunk-protocol-core";
    }

    @Override
    public String description() {
        return "a coredump of the chunk protocol (CORE)";
    }

    @Override
    public boolean begins(ByteReader file) {
        return file.size() >= HEADER_BYTES && file.seek(0).u32() == MAGIC;
    }

    @Override
    public List<Coredump> parse(ByteReader file, Limits limits) {
        var in = file.copy().seek(4);
        long version = in.u32();
        long total = in.u32();
        var warnings = new ArrayList<String>();
        if (version < 1 || version > FOOTER_SINCE) {
            warnings.add("Version %d of the format is not known: it is read like version %d"
                    .formatted(version, FOOTER_SINCE));
        }
        if (total < HEADER_BYTES) {
            throw in.error("total size %d, less than the %d bytes of the header", total, HEADER_BYTES);
        }
        boolean whole = total <= in.size();
        long end = whole ? total : in.size();
        if (!whole) {
            warnings.add("Damaged after byte %d: the coredump had %d bytes".formatted(in.size(), total));
        }
        if (version >= FOOTER_SINCE && whole) {
            end = footer(in, total, warnings);
        }
        var blocks = new ChunkBlocks(limits, warnings);
        blocks.read(in.slice("blocks", HEADER_BYTES, end - HEADER_BYTES), HEADER_BYTES);
        return List.of(blocks.coredump(name(), in));
    }

    /** Where the blocks end; says what the footer says. */
    private static long footer(ByteReader in, long total, List<String> warnings) {
        if (total < HEADER_BYTES + FOOTER_BYTES) {
            throw in.error("total size %d has no room for a footer", total);
        }
        var footer = in.slice("footer", total - FOOTER_BYTES, FOOTER_BYTES);
        if (footer.u32() != FOOTER) {
            warnings.add("Damaged: there is no footer at byte %d".formatted(total - FOOTER_BYTES));
        } else if ((footer.u32() & 1) != 0) {
            warnings.add("The device had no room for all of the coredump: what would follow byte %d is missing"
                    .formatted(total - FOOTER_BYTES));
        }
        return total - FOOTER_BYTES;
    }
}
