package dev.faultline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** Firmware that crashed, and what gdb said of it. */
public final class Fixtures {
    private static final Path ROOT = Path.of("../firmware-fixtures");

    private Fixtures() {}

    public static Path elf(String name) {
        return ROOT.resolve("elf").resolve(name + ".elf");
    }

    /** A file of those that symbols are tested with. */
    public static Path symbols(String name) {
        return ROOT.resolve("symbols/elf").resolve(name);
    }

    /** A copy by itself, without what lies beside it. */
    public static Path alone(String name, Path directory) throws IOException {
        return Files.copy(symbols(name), directory.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    }

    public static Path core(String name) {
        return ROOT.resolve("coredumps").resolve(name + ".core");
    }

    public static Path demoFleet() {
        return ROOT.resolve("demo-fleet/fleet.json");
    }

    /** A frame as one word to compare: {@code apply firmware/filter.c:30 inlined}. */
    public static List<String> framesOfGdb(String name) throws IOException {
        List<String> frames = Files.readAllLines(ROOT.resolve("expected").resolve(name + ".tsv")).stream()
                .skip(1)
                .map(line -> line.split("\t", -1))
                .filter(cells -> cells[1].equals("1"))
                .map(cells ->
                        "%s %s:%s%s".formatted(cells[4], cells[5], cells[6], cells[7].equals("1") ? " inlined" : ""))
                .toList();
        assertThat(frames).as("gdb's frames of the crashed thread").isNotEmpty();
        return frames;
    }

    /** The crashed thread's frames of a report, in the same words. */
    public static List<String> crashedFrames(JsonNode report) {
        return report.path("threads")
                .valueStream()
                .filter(thread -> thread.path("crashed").asBoolean())
                .flatMap(thread -> thread.path("frames").valueStream())
                .map(frame -> "%s %s:%s%s"
                        .formatted(
                                frame.path("function").asText(),
                                // as addr2line joins it; gdb leaves the directory of the compilation out
                                frame.path("file").asText().replaceFirst("^firmware/firmware/", "firmware/"),
                                frame.path("line").asText(),
                                frame.path("inlined").asBoolean() ? " inlined" : ""))
                .toList();
    }
}
