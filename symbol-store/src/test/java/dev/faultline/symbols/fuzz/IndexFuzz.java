package dev.faultline.symbols.fuzz;

import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.index.SymbolIndex;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** An index file whose header has the right checksum, whatever it says: as if somebody had written it on purpose. */
public final class IndexFuzz {
    private static final int HEADER_SIZE_AT = 12;
    private static final int FILE_SIZE_AT = 16;

    private IndexFuzz() {}

    public static void fuzzerTestOneInput(byte[] bytes) throws IOException {
        byte[] file = Arrays.copyOf(bytes, Math.max(bytes.length, 1_024));
        var header = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        int size = header.getInt(HEADER_SIZE_AT);
        header.putLong(FILE_SIZE_AT, file.length);
        if (size > Integer.BYTES && size <= file.length) {
            var checksum = new CRC32C();
            checksum.update(file, 0, size - Integer.BYTES);
            header.putInt(size - Integer.BYTES, (int) checksum.getValue());
        }
        Path path = Files.createTempFile("fuzz", ".idx");
        try {
            Files.write(path, file);
            try (var index = SymbolIndex.open(path)) {
                Found.ask(index);
            } catch (FormatException refused) {
                return;
            }
        } finally {
            Files.delete(path);
        }
    }

    /** Writes the index of a debug file, for the fuzzer to begin with. */
    public static void main(String[] arguments) {
        SymbolIndex.build(Path.of(arguments[0]), Path.of(arguments[1]), Limits.DEFAULT);
    }
}
