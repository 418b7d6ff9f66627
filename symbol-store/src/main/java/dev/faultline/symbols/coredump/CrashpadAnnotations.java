package dev.faultline.symbols.coredump;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.Limits;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** What a process told Crashpad about itself, {@code MinidumpSimpleStringDictionary}: as lines {@code ver = 1.4.2}. */
final class CrashpadAnnotations {
    /** Crashpad's own table has 64 places. */
    private static final int MOST = 1024;

    private static final int MOST_BYTES = 4096;
    private static final int ENTRY_BYTES = 8;

    private CrashpadAnnotations() {}

    /**
     * @param stream {@code MinidumpCrashpadInfo}; one of another writer is empty
     */
    static void read(ByteReader file, ByteReader stream, Consumer<String> lines) {
        if (stream.size() == 0) {
            return;
        }
        stream.skip(4 + 16 + 16); // version, report, client
        long size = stream.u32();
        long place = stream.u32();
        if (size == 0) {
            return;
        }
        var dictionary = file.slice("Crashpad annotations", place, size);
        long count = Limits.checkCount(dictionary, "annotations", dictionary.u32(), MOST);
        for (long i = 0; i < count; i++) {
            var entry = dictionary.take("annotation", ENTRY_BYTES);
            var key = string(file, entry.u32());
            lines.accept("%s = %s".formatted(key, string(file, entry.u32())));
        }
    }

    /** {@code MinidumpUTF8String}. */
    private static String string(ByteReader file, long place) {
        long length = file.slice("length of an annotation", place, 4).u32();
        var bytes = file.slice("annotation", place + 4, Math.min(length, MOST_BYTES));
        return Texts.printable(new String(bytes.bytes((int) bytes.size()), StandardCharsets.UTF_8));
    }
}
