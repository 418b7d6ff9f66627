package dev.faultline.symbols.fuzz;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.elf.ElfFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The bytes of one section in a file that is sound otherwise: {@code -Dfaultline.fuzz.file} says which file, {@code
 * -Dfaultline.fuzz.section} which section.
 */
public final class SectionFuzz {
    private static final String SECTION = System.getProperty("faultline.fuzz.section", ".debug_info");
    private static final byte[] FILE = read(
            Path.of(System.getProperty("faultline.fuzz.file", "../firmware-fixtures/symbols/elf/flash-dwarf5-o2.elf")));

    private SectionFuzz() {}

    public static void fuzzerTestOneInput(byte[] contents) {
        try (var elf = ElfFile.of(ByteReader.of("fuzz", with(contents)), Limits.DEFAULT)) {
            Found.indexAndAsk(elf);
        } catch (FormatException refused) {
            return;
        }
    }

    /** The file with the section's contents at its end, and the section's header pointing there. */
    static byte[] with(byte[] contents) {
        byte[] file = Arrays.copyOf(FILE, FILE.length + contents.length);
        System.arraycopy(contents, 0, file, FILE.length, contents.length);
        var header = ByteBuffer.wrap(file).order(file[5] == 1 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        boolean wide = file[4] == 2;
        try (var elf = ElfFile.of(ByteReader.of("file", FILE), Limits.DEFAULT)) {
            int section = elf.section(SECTION).orElseThrow().index();
            int at = wide ? (int) header.getLong(0x28) + section * 0x40 : header.getInt(0x20) + section * 0x28;
            if (wide) {
                header.putLong(at + 0x18, FILE.length);
                header.putLong(at + 0x20, contents.length);
            } else {
                header.putInt(at + 0x10, FILE.length);
                header.putInt(at + 0x14, contents.length);
            }
        }
        return file;
    }

    /** Writes the section as it is, for the fuzzer to begin with. */
    public static void main(String[] arguments) throws IOException {
        try (var elf = ElfFile.of(ByteReader.of("file", FILE), Limits.DEFAULT)) {
            var bytes = elf.bytes(elf.section(SECTION).orElseThrow());
            Files.write(Path.of(arguments[0]), bytes.seek(0).bytes((int) bytes.size()));
        }
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
