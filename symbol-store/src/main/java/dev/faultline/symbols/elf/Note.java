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
}
