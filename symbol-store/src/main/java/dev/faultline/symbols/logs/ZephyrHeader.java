package dev.faultline.symbols.logs;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.dwarf.StructLayout;
import dev.faultline.symbols.dwarf.StructLayout.Member;
import java.util.Optional;

/**
 * The fields before a message, which are the same in memory and in what is sent, in layouts of their own that have changed from
 * version to version.
 */
record ZephyrHeader(Member level, Member packageLength, Member dataLength, Member source, Member timestamp, long size) {

    /** @param prefix of the members that are bit fields: {@code desc.}, or nothing */
    static Optional<ZephyrHeader> of(StructLayout layout, String prefix) {
        var level = layout.member(prefix + "level");
        var packageLength = layout.member(prefix + "package_len");
        var dataLength = layout.member(prefix + "data_len");
        var source = layout.member("source");
        var timestamp = layout.member("timestamp");
        return level.isEmpty()
                        || packageLength.isEmpty()
                        || dataLength.isEmpty()
                        || source.isEmpty()
                        || timestamp.isEmpty()
                ? Optional.empty()
                : Optional.of(new ZephyrHeader(
                        level.get(),
                        packageLength.get(),
                        dataLength.get(),
                        source.get(),
                        timestamp.get(),
                        layout.size()));
    }

    /** A field of the header that begins at {@code start} of the region. */
    static long value(ByteReader in, long start, Member member) {
        in.seek(start + member.offset());
        if (member.bitSize() == 0) {
            return in.unsigned((int) member.size());
        }
        long value = 0;
        int bytes = (member.bitOffset() + member.bitSize() + Byte.SIZE - 1) / Byte.SIZE;
        for (int i = 0; i < bytes; i++) {
            value |= (long) in.u8() << (Byte.SIZE * i);
        }
        return (value >>> member.bitOffset()) & ((1L << member.bitSize()) - 1);
    }
}
