package dev.faultline.cli.demo;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code fleet.json} lists; paths are relative to that file.
 *
 * @param symbols debug files that CI uploaded
 * @param releases what CI registered, oldest first
 * @param crashes coredumps that devices sent, oldest first
 */
record Fleet(List<DebugFile> symbols, List<Release> releases, List<Crash> crashes) {

    Fleet {
        symbols = List.copyOf(symbols);
        releases = List.copyOf(releases);
        crashes = List.copyOf(crashes);
    }

    /** A debug file of one release. */
    record DebugFile(String elf, String software, String version) {}

    /** A release; {@code minutesAgo} is when it was made. */
    record Release(
            String software,
            String version,
            @Nullable String parent,
            @Nullable String branch,
            long minutesAgo) {}

    /** A crash; {@code minutesAgo} is when it happened. */
    record Crash(String dump, String device, String hardware, String software, String version, long minutesAgo) {}

    static Fleet read(Path file) throws IOException {
        return JsonMapper.builder()
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .build()
                .readValue(Files.readAllBytes(file), Fleet.class);
    }
}
