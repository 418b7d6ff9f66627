package dev.faultline.symbols.coredump;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.Limits;
import java.util.ArrayList;
import java.util.List;

/** Zephyr's flash partition: a header of its own before the coredump. */
public record ZephyrPartition() implements CoredumpFormat {
    private static final int MAGIC = 'C' | 'D' << 8;
    private static final int VERSION = 1;

    /** The header is padded to a write block of the flash. */
    private static final int MOST_PADDING = 4096;

    /** Header fields on a target whose size_t has 4 or 8 bytes. */
    private record Header(long size, int checksum, int error) {
        static Header read(ByteReader file, int wordBytes) {
            var in = file.copy().seek(4);
            long size = in.unsigned(wordBytes);
            in.skip(2); // flags
            return new Header(size, in.u16(), in.i32());
        }
    }

    @Override
    public String name() {
        return "zephyr-partition";
    }

    @Override
    public String description() {
        return "a Zephyr coredump partition (CD)";
    }

    @Override
    public boolean begins(ByteReader file) {
        return file.size() >= 24 && file.seek(0).u16() == MAGIC && file.u16() == VERSION && file.u32() > 0;
    }

    @Override
    public List<Coredump> parse(ByteReader file, Limits limits) {
        var warnings = new ArrayList<String>();
        long start = start(file);
        var wide = Header.read(file, 8);
        var narrow = Header.read(file, 4);
        // the size of a small target's dump is the lower half of what a large target would have there
        var header = wide.size() > 0 && wide.size() <= file.size() - start ? wide : narrow;
        long there = Math.min(header.size(), file.size() - start);
        if (there < header.size()) {
            warnings.add("Damaged after byte %d: the coredump of the partition had %d bytes, %d are there"
                    .formatted(file.size(), header.size(), there));
        }
        var image = file.slice("coredump of the partition", start, there);
        if (there == header.size() && sum(image) != header.checksum()) {
            warnings.add(
                    "The checksum of the partition is 0x%04x, its bytes give 0x%04x: they are damaged or were changed"
                            .formatted(header.checksum(), sum(image)));
        }
        if (header.error() != 0) {
            warnings.add("The device met error %d while it wrote the coredump".formatted(header.error()));
        }
        return List.of(ZephyrImage.read(image, name(), ZephyrConsole.NOTHING, warnings, limits));
    }

    private static long start(ByteReader file) {
        for (long at = 16; at <= Math.min(MOST_PADDING, file.size() - 4); at++) {
            if (ZephyrImage.begins(file.copy().seek(at))) {
                return at;
            }
        }
        throw file.error("a partition header without a coredump (ZE) behind it");
    }

    private static int sum(ByteReader in) {
        int sum = 0;
        for (var rest = in.copy().seek(0); rest.hasRemaining(); ) {
            sum += rest.u8();
        }
        return sum & 0xffff;
    }
}
