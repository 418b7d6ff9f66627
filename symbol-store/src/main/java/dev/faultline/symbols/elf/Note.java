package dev.faultline.symbols.elf;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.Limits;
import java.nio.charset.StandardCharsets;

/**
 * A note (gABI, "Note Section").
 *
 * @param name the owner, without its NUL: {@code GNU}, {@code CORE}, {@code LINUX}
 * @param type what the owner says it is
 * @param description a reader at the start of the contents, in the file's byte order
 */
public record Note(String name, long type, ByteReader description) {
    private static final long NT_GNU_BUILD_ID = 3;
    private static final int MOST_BUILD_ID_BYTES = 64;
    private static final long GO_BUILD_ID = 4;
    private static final int MOST_GO_BUILD_ID_BYTES = 256;

    /**
     * Reads the next note of a region.
     *
     * @param alignment of name and description: 4, or 8 where a segment says so
     */
    static Note read(ByteReader in, int alignment, Limits limits) {
        long nameSize = in.u32();
        long descriptionSize = in.u32();
        long type = in.u32();
        int nameBytes = Limits.checkCount(in, "n_namesz", nameSize, limits.stringBytes());
        int descriptionBytes = Limits.checkCount(in, "n_descsz", descriptionSize, limits.noteBytes());
        byte[] name = in.bytes(nameBytes);
        in.align(alignment);
        var description = in.take("note", descriptionBytes);
        in.align(alignment);
        int length = 0;
        while (length < name.length && name[length] != 0) {
            length++;
        }
        return new Note(new String(name, 0, length, StandardCharsets.UTF_8), type, description);
    }

    /** Whether it is the build id of a GNU, LLVM or other linker: 1 to 64 bytes that are not all zero. */
    boolean isBuildId() {
        return isNamedBuildId() && description.size() > 0 && description.size() <= MOST_BUILD_ID_BYTES && !isAllZeros();
    }

    /** Whether it is called a build id, however useless: {@code --build-id=0x00} and unpatched placeholders exist. */
    boolean isNamedBuildId() {
        return type == NT_GNU_BUILD_ID && name.equals("GNU");
    }

    boolean isAllZeros() {
        var in = description.copy().seek(0);
        while (in.hasRemaining()) {
            if (in.u8() != 0) {
                return false;
            }
        }
        return true;
    }

    /** Whether it is the text that the Go linker calls a build id. */
    boolean isGoBuildId() {
        return type == GO_BUILD_ID && name.equals("Go") && description.size() <= MOST_GO_BUILD_ID_BYTES;
    }

    byte[] bytes() {
        return description.copy().seek(0).bytes((int) description.size());
    }
}
