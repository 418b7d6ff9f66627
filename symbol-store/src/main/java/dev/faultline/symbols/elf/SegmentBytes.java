package dev.faultline.symbols.elf;

import dev.faultline.symbols.bytes.ByteReader;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The bytes of an image by their addresses, as its program headers load them. */
record SegmentBytes(ByteReader file, List<Segment> segments) {

    /** The loaded segment that has an address in its part of the file; null: none. */
    @Nullable
    Segment around(long address) {
        for (Segment segment : segments) {
            if (segment.type() == Segment.PT_LOAD && segment.bytesFrom(address) > 0) {
                return segment;
            }
        }
        return null;
    }

    /** All from an address to the end of what its segment has in the file. */
    ByteReader from(String name, long address) {
        Segment segment = around(address);
        if (segment == null) {
            throw file.error("no segment loads %s at 0x%x", name, address);
        }
        return file.slice(name, segment.offset() + (address - segment.address()), segment.bytesFrom(address));
    }

    /** Where in the file the byte of an address stands that {@link #from} can read. */
    long offset(long address) {
        Segment segment = around(address);
        if (segment == null) {
            throw file.error("no segment loads 0x%x", address);
        }
        return segment.offset() + (address - segment.address());
    }
}
