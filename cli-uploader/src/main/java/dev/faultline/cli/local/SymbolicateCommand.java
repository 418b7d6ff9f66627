package dev.faultline.cli.local;

import dev.faultline.cli.CommandFailure;
import dev.faultline.cli.DebugDirectories;
import dev.faultline.cli.ExitCode;
import dev.faultline.cli.JsonOption;
import dev.faultline.cli.Terminal;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.index.SymbolIndex;
import dev.faultline.symbols.store.LocalSymbols;
import dev.faultline.symbols.store.ModuleSymbols;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.StringTokenizer;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Addresses of one image to functions and lines. */
@Command(
        name = "symbolicate",
        mixinStandardHelpOptions = true,
        description = "Turn addresses into functions, files and lines, without a service.",
        footer = {
            "",
            "Addresses are hexadecimal, as linked, with or without 0x. An address outside every function is",
            "answered with ?? (in JSON: no frames). For a return address ask for the address minus one, which",
            "lies in the call."
        })
public final class SymbolicateCommand implements Callable<Integer> {
    private static final int LINES_BETWEEN_CHECKS = 1_000;

    private final Terminal terminal;
    private final InputStream in;

    @Mixin
    private final JsonOption json = new JsonOption();

    @Option(
            names = "--elf",
            required = true,
            paramLabel = "FILE",
            description = "The image with its debug information; or the stripped image and its debug file, each with"
                    + " --elf. Files beside it are found: the separate debug file, .dwo, .dwp, what dwz shares.")
    private List<Path> debugFiles = List.of();

    @Mixin
    private final DebugDirectories debugDirectories = new DebugDirectories();

    @Parameters(
            arity = "0..*",
            paramLabel = "ADDR",
            description = "Addresses; none or - reads them from standard input.")
    private List<String> arguments = List.of();

    public SymbolicateCommand(Terminal terminal, InputStream in) {
        this.terminal = terminal;
        this.in = in;
    }

    @Override
    public Integer call() throws IOException {
        List<Address> addresses = new ArrayList<>();
        boolean fromInput = arguments.isEmpty() || arguments.equals(List.of("-"));
        if (!fromInput) {
            for (String argument : arguments) {
                addresses.add(Address.parse(argument)
                        .orElseThrow(() -> CommandFailure.usage("not a hexadecimal address: " + argument)));
            }
        }
        try (var symbols = LocalSymbols.of(debugFiles, debugDirectories.roots(), Limits.DEFAULT);
                var module = only(symbols)) {
            SymbolIndex index = module.index();
            Answers answers = json.wanted() ? new JsonAnswers(terminal.out()) : new TextAnswers(terminal.out());
            if (fromInput) {
                return answerInput(index, answers);
            }
            for (Address address : addresses) {
                answers.print(address, address.lookUp(index));
            }
            return ExitCode.OK;
        }
    }

    private static ModuleSymbols only(LocalSymbols symbols) {
        if (symbols.builds().size() > 1) {
            throw CommandFailure.usage(symbols.builds().stream()
                    .map(build -> build.name() + " is build " + build.summary().buildId())
                    .collect(Collectors.joining(
                            ", ", "an address is one of a single image, and these are several: ", "")));
        }
        return symbols.open(symbols.builds().getFirst().summary().buildId())
                .orElseThrow(() -> new IllegalStateException("the file that was just read is not there"));
    }

    /** What is no address is said and passed over, so that one bad line of a log does not lose the rest. */
    private int answerInput(SymbolIndex index, Answers answers) throws IOException {
        int exitCode = ExitCode.OK;
        var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        long number = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            number++;
            var words = new StringTokenizer(line);
            while (words.hasMoreTokens()) {
                String word = words.nextToken();
                var address = Address.parse(word);
                if (address.isPresent()) {
                    answers.print(address.get(), address.get().lookUp(index));
                } else {
                    terminal.err().println("faultline: line " + number + ": not a hexadecimal address: " + word);
                    exitCode = ExitCode.REFUSED;
                }
            }
            if (!lines.ready()) {
                // somebody may be waiting for this answer before he asks on
                terminal.out().flush();
            }
            if (number % LINES_BETWEEN_CHECKS == 0 && terminal.out().checkError()) {
                return exitCode; // nobody reads any more, as behind `head`
            }
        }
        return exitCode;
    }
}
