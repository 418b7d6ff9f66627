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

    private static BuildId buildId(ByteReader in, long size) {
        if (size < 1 || size > MOST_BUILD_ID_BYTES) {
            throw in.error("a build id of %s bytes", Long.toUnsignedString(size));
        }
        return BuildId.of(in.bytes((int) size));
    }

    /**
     * A {@code .debug_sup}, which either side of the link has.
     *
     * @param isSupplementary whether this file is the one that the others name
     * @param link the file that this one names; of a file that is named itself only the id counts
     */
    record Supplementary(boolean isSupplementary, AlternateLink link) {

        static Supplementary read(ByteReader in, Limits limits) {
            int version = in.u16();
            if (version != 5) {
                throw in.error("version %d, wanted 5", version);
            }
            int isSupplementary = in.u8();
            String name = in.string(limits);
            return new Supplementary(isSupplementary != 0, new AlternateLink(name, buildId(in, in.uleb())));
        }
    }
}
