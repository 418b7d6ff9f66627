package dev.faultline.cli;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** A file as memory. */
public final class MappedFile {

    private MappedFile() {}

    /** Its bytes, for as long as the arena is open. */
    public static MemorySegment of(Path path, Arena arena) throws IOException {
        try (var file = FileChannel.open(path)) {
            return file.map(FileChannel.MapMode.READ_ONLY, 0, file.size(), arena);
        }
    }
}
