package dev.faultline.symbols.coredump;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import java.util.ArrayList;
import java.util.List;

/** A minidump as Breakpad and Crashpad write it on Linux and Android. */
public record Minidump() implements CoredumpFormat {
    private static final long MAGIC = 0x504d_444dL; // "MDMP"
    private static final int VERSION = 0xa793;
    private static final int HEADER_BYTES = 32;
    private static final int MOST_STREAMS = 1024;

    @Override
    public String name() {
        return "minidump";
    }

    @Override
    public String description() {
        return "a minidump (MDMP)";
    }

    @Override
    public boolean begins(ByteReader file) {
        return file.size() >= HEADER_BYTES && file.seek(0).u32() == MAGIC && file.u16() == VERSION;
    }

    @Override
    public List<Coredump> parse(ByteReader file, Limits limits) {
        var in = file.copy().seek(8);
        int count = Limits.checkCount(in, "streams", in.u32(), MOST_STREAMS);
        long directory = in.u32();
        var warnings = new ArrayList<String>();
        var streams = new MinidumpStreams(file, limits, warnings);
        for (int i = 0; i < count; i++) {
            long at = directory + 12L * i;
            if (at + 12 > file.size()) {
                warnings.add("Damaged after byte %d: %d of %d streams are listed".formatted(file.size(), i, count));
                break;
            }
            var entry = file.slice("directory entry", at, 12);
            streams.add(entry.u32(), entry.u32(), entry.u32());
        }
        return List.of(streams.coredump(name()));
    }

    /** What could be read stays: one broken stream does not cost the others. */
    static void kept(Runnable read, List<String> warnings) {
        try {
            read.run();
        } catch (FormatException e) {
            warnings.add("Damaged: %s".formatted(e.getMessage()));
        }
    }
}
