package dev.faultline.cli.examine;

import dev.faultline.cli.ExitCode;
import dev.faultline.cli.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** A coredump of any format as an ELF core. */
@Command(
        name = "core",
        mixinStandardHelpOptions = true,
        description = "Write the coredump as an ELF core that gdb opens, with the threads that only the kernel's memory"
                + " shows.")
final class ExamineCore implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final Subject subject = new Subject();

    @Parameters(index = "1", paramLabel = "OUT", description = "The file to write.")
    private @Nullable Path out;

    ExamineCore(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        var file = Objects.requireNonNull(out);
        byte[] core = subject.elfCore();
        Files.write(file, core);
        terminal.out().printf("%s: %,d bytes%n", file, core.length);
        return ExitCode.OK;
    }
}
