package dev.faultline.cli;

import dev.faultline.symbols.store.FileCompanions;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** Where debug files of other packages are installed, for commands that read files by themselves. */
public final class DebugDirectories {
    @Option(
            names = "--debug-dir",
            paramLabel = "DIR",
            description = "Where to look for separate debug files, besides the file's own folder (repeatable; without"
                    + " it /usr/lib/debug).")
    private List<Path> directories = List.of();

    public List<Path> roots() {
        return directories.isEmpty() ? FileCompanions.DEFAULT_ROOTS : List.copyOf(directories);
    }
}
