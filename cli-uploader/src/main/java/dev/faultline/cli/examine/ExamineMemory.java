package dev.faultline.cli.examine;

import dev.faultline.cli.CommandFailure;
import dev.faultline.cli.ExitCode;
import dev.faultline.cli.JsonOption;
import dev.faultline.cli.ReportJson;
import dev.faultline.cli.Terminal;
import dev.faultline.symbols.analysis.CrashExamination;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Memory with the globals that lie there. */
@Command(
        name = "memory",
        mixinStandardHelpOptions = true,
        description = "Print memory from an address on, and the globals that lie there.")
final class ExamineMemory implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final Subject subject = new Subject();

    @Mixin
    private final JsonOption json = new JsonOption();

    @Parameters(index = "1", paramLabel = "ADDRESS", description = "Hexadecimal, such as 0x20000000.")
    private String address = "";

    @Parameters(
            index = "2",
            arity = "0..1",
            paramLabel = "SIZE",
            defaultValue = "256",
            description = "Bytes, 1 to 65536; without it 256.")
    private int size;

    ExamineMemory(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        if (size < 1 || size > CrashExamination.MOST_BYTES) {
            throw CommandFailure.usage("SIZE: found %d, wanted 1 to %d".formatted(size, CrashExamination.MOST_BYTES));
        }
        long start = start();
        var memory = subject.examine(open -> open.memory(start, size));
        if (json.wanted()) {
            terminal.out().println(ReportJson.json(memory));
        } else {
            MemoryText.lines(memory).forEach(terminal.out()::println);
        }
        return ExitCode.OK;
    }

    private long start() {
        try {
            return Long.parseUnsignedLong(address.replaceFirst("^0[xX]", ""), 16);
        } catch (NumberFormatException e) {
            throw CommandFailure.usage("ADDRESS: found %s, wanted one such as 0x20000000".formatted(address));
        }
    }
}
