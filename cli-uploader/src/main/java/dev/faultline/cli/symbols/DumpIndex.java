package dev.faultline.cli.symbols;

import dev.faultline.cli.CommandFailure;
import dev.faultline.cli.DebugDirectories;
import dev.faultline.cli.ExitCode;
import dev.faultline.cli.Terminal;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.index.SymbolIndex;
import dev.faultline.symbols.store.LocalSymbols;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The bytes of a symbol index, for whoever works on its format or doubts an answer. */
@Command(
        name = "dump",
        mixinStandardHelpOptions = true,
        description = "Print a symbol index as it is written: its sections, and functions with their bytes; without"
                + " addresses, all of them.")
final class DumpIndex implements Callable<Integer> {
    private static final byte[] MAGIC = "FLTINDEX".getBytes(StandardCharsets.US_ASCII);

    private final Terminal terminal;

    @Mixin
    private final DebugDirectories debugDirectories = new DebugDirectories();

    @Parameters(index = "0", paramLabel = "FILE", description = "An index (.idx), or a debug file.")
    private Path file = Path.of("");

    @Parameters(index = "1..*", arity = "0..*", paramLabel = "ADDR", description = "Hexadecimal, as linked.")
    private List<String> arguments = List.of();

    DumpIndex(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        List<Long> addresses = arguments.stream().map(DumpIndex::address).toList();
        if (isIndex(file)) {
            try (var index = SymbolIndex.open(file)) {
                index.verify();
                index.dump(terminal.out(), addresses);
            }
            return ExitCode.OK;
        }
        try (var symbols = LocalSymbols.of(List.of(file), debugDirectories.roots(), Limits.DEFAULT);
                var module = symbols.open(symbols.builds().getFirst().summary().buildId())
                        .orElseThrow(() -> new IllegalStateException("the file that was just read is not there"))) {
            module.index().dump(terminal.out(), addresses);
        }
        return ExitCode.OK;
    }

    private static boolean isIndex(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return Arrays.equals(in.readNBytes(MAGIC.length), MAGIC);
        }
    }

    private static long address(String text) {
        String digits = text.startsWith("0x") || text.startsWith("0X") ? text.substring(2) : text;
        try {
            return Long.parseUnsignedLong(digits, 16);
        } catch (NumberFormatException e) {
            throw CommandFailure.usage("not a hexadecimal address: " + text);
        }
    }
}
