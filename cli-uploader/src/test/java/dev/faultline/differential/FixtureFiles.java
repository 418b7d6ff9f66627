package dev.faultline.differential;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The ELF files of {@code firmware-fixtures} that the peers were asked about, and what they said. */
final class FixtureFiles {
    private static final Path ROOT = Path.of("../firmware-fixtures");
    private static final Path SYMBOLS = ROOT.resolve("symbols");
    static final Path PEERS = SYMBOLS.resolve("expected/peers");

    /** All bytes of their code are compared; none has more. */
    static final int MOST_ADDRESSES = 20_000;

    private static final List<String> FIRMWARE = List.of("main-fw-1.2.0-rev-a-O0", "main-fw-1.2.0-rev-b", "minimal-m0");

    private FixtureFiles() {}

    /** By their names, which are those of the recorded answers as well. */
    static SortedMap<String, Path> all() {
        var files = new TreeMap<String, Path>();
        try (Stream<Path> symbols = Files.list(SYMBOLS.resolve("elf"))) {
            symbols.filter(file -> file.toString().matches(".*\\.(elf|debug|ko)"))
                    .forEach(file -> files.put(String.valueOf(file.getFileName()), file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (String firmware : FIRMWARE) {
            files.put(firmware + ".elf", ROOT.resolve("elf").resolve(firmware + ".elf"));
        }
        // files that only complete others
        files.keySet().removeAll(companions());
        return files;
    }

    static Path recorded(String name) {
        return PEERS.resolve(name + ".gz");
    }

    /** The file whose answers decide, for those where every tool may be wrong. */
    static @Nullable String twin(String name) {
        return table("twins.tsv").get(name);
    }

    private static List<String> companions() {
        return List.copyOf(table("companions.tsv").keySet());
    }

    private static Map<String, String> table(String name) {
        try {
            var rows = new HashMap<String, String>();
            for (String line : Files.readAllLines(SYMBOLS.resolve(name))) {
                if (!line.startsWith("#")) {
                    String[] cells = line.split("\t", -1);
                    rows.put(cells[0], cells[1]);
                }
            }
            return rows;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
