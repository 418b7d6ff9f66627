package dev.faultline.symbols.analysis;

import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.store.LocalSymbols;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The committed firmware, dumps and expected stacks ({@code firmware-fixtures/README.md}). */
final class Fixtures {
    static final Path ROOT = Path.of("..", "firmware-fixtures");

    private Fixtures() {}

    static List<Path> files(String folder, String namePattern) {
        try (var files = Files.list(ROOT.resolve(folder))) {
            return files.filter(file -> file.getFileName().toString().matches(namePattern))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<Path> coredumps() {
        return files("coredumps", ".*\\.core(\\.gz)?");
    }

    static Path coredump(String name) {
        return files("coredumps", name + "\\.core(\\.gz)?").getFirst();
    }

    /** Of a coredump: the file's name without its endings. */
    static String name(Path coredump) {
        return coredump.getFileName().toString().replaceAll("\\.core(\\.gz)?$", "");
    }

    static LocalSymbols symbols() {
        return LocalSymbols.of(files("elf", ".*\\.elf"), Limits.DEFAULT);
    }

    /** An upload that says that a program, by its file's name, crashed. */
    static ClaimedIdentity claims(LocalSymbols symbols, String program) {
        return symbols.builds().stream()
                .filter(build -> build.name().equals(program))
                .findFirst()
                .map(build -> ClaimedIdentity.ofBuild(build.summary().buildId()))
                .orElseThrow();
    }

    static MemorySegment bytes(Path file) {
        try {
            return MemorySegment.ofArray(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
