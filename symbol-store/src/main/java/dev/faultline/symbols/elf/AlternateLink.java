package dev.faultline.symbols.elf;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.Limits;

/**
 * Where {@code dwz} put what several debug files have in common: {@code .gnu_debugaltlink}, or {@code .debug_sup} (DWARF
 * 5, 7.3.6).
 *
 * @param name the other file's path, absolute or seen from the folder of this one
 * @param buildId the other file's build id
 */
public record AlternateLink(String name, BuildId buildId) {
    private static final int MOST_BUILD_ID_BYTES = 64;

    static AlternateLink read(ByteReader in, Limits limits) {
        String name = in.string(limits);
        return new AlternateLink(name, buildId(in, in.remaining()));
    }

    static AlternateLink readSupplementary(ByteReader in, Limits limits) {
        int version = in.u16();
        int isSupplementary = in.u8();
        if (version != 5 || isSupplementary != 0) {
            throw in.error("version %d, is_supplementary %d; wanted 5 and 0", version, isSupplementary);
        }
        String name = in.string(limits);
        return new AlternateLink(name, buildId(in, in.uleb()));
    }

    private static BuildId buildId(ByteReader in, long size) {
        if (size < 1 || size > MOST_BUILD_ID_BYTES) {
            throw in.error("a build id of %s bytes", Long.toUnsignedString(size));
        }
        return BuildId.of(in.bytes((int) size));
    }
}
