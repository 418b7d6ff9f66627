package dev.faultline.symbols.elf;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.Limits;

/**
 * Where a stripped image says its debugging information went: {@code .gnu_debuglink}.
 *
 * @param name the debug file's name, without a folder
 * @param checksum CRC-32 of the whole debug file, as zip and {@link java.util.zip.CRC32} count it
 */
public record DebugLink(String name, long checksum) {

    static DebugLink read(ByteReader in, Limits limits) {
        String name = in.string(limits);
        in.align(4);
        long checksum = in.u32();
        if (name.isEmpty() || name.indexOf('/') >= 0 || name.equals(".") || name.equals("..")) {
            throw in.error("\"%s\" is no name of a file", name);
        }
        return new DebugLink(name, checksum);
    }
}
