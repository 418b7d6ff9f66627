package dev.faultline.symbols.dwarf;

import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.elf.ElfFile;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Which file has what a file shares with others.
 *
 * @param name as the tool that made the file wrote it
 * @param hex the other file's build id, or checksum; empty where it is not said
 */
record AlternateLink(String name, String hex) {
    private static final int MOST_BUILD_ID_BYTES = 64;
    private static final int DEBUG_SUP_VERSION = 5;

    /**
     * Reads {@code .gnu_debugaltlink} of dwz or {@code .debug_sup} (DWARF 5, 7.3.6); empty without either, and for the
     * other file itself.
     *
     * @throws FormatException when it is damaged
     */
    static Optional<AlternateLink> read(ElfFile elf, Limits limits) {
        var gnu = elf.section(".gnu_debugaltlink");
        if (gnu.isPresent()) {
            var in = elf.bytes(gnu.get());
            String name = in.string(limits);
            return Optional.of(new AlternateLink(name, HexFormat.of().formatHex(in.bytes((int)
                    Math.min(in.remaining(), MOST_BUILD_ID_BYTES)))));
        }
        var supplementary = elf.section(".debug_sup");
        if (supplementary.isEmpty()) {
            return Optional.empty();
        }
        var in = elf.bytes(supplementary.get());
        int version = in.u16();
        if (version != DEBUG_SUP_VERSION) {
            throw in.error("version %d", version);
        }
        boolean isTheOther = in.u8() != 0;
        String name = in.string(limits);
        int size = Limits.checkCount(in, "size of a checksum", in.uleb(), MOST_BUILD_ID_BYTES);
        return isTheOther
                ? Optional.empty()
                : Optional.of(new AlternateLink(name, HexFormat.of().formatHex(in.bytes(size))));
    }

    byte[] buildId() {
        return HexFormat.of().parseHex(hex);
    }
}
