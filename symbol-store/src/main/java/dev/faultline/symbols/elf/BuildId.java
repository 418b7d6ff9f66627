package dev.faultline.symbols.elf;

import java.util.HexFormat;
import java.util.Locale;

/**
 * Names one build of one image: the GNU build id (usually 20 bytes), else the SHA-256 of the file.
 *
 * @param hex lower-case hexadecimal, 2 to 128 digits, an even number of them
 */
public record BuildId(String hex) implements Comparable<BuildId> {

    public BuildId {
        if (!hex.matches("([0-9a-f]{2}){1,64}")) {
            throw new IllegalArgumentException("not a build id: " + hex);
        }
    }

    public static BuildId of(byte[] bytes) {
        return new BuildId(HexFormat.of().formatHex(bytes));
    }

    /** From what a person or a tool wrote, in either case; throws IllegalArgumentException for anything else. */
    public static BuildId parse(String text) {
        return new BuildId(text.strip().toLowerCase(Locale.ROOT));
    }

    @Override
    public int compareTo(BuildId other) {
        return hex.compareTo(other.hex);
    }

    @Override
    public String toString() {
        return hex;
    }
}
