package dev.faultline.cli.access;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.cli.CommandFailure;
import dev.faultline.cli.ExitCode;
import dev.faultline.cli.Terminal;
import dev.faultline.cli.server.ServerOptions;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a person who may log in. The password never is an argument: other users of the machine could read it. */
@Command(
        name = "create",
        mixinStandardHelpOptions = true,
        description =
                "Create a user. The password is asked for, or read from standard input where that is no terminal.")
final class CreateUser implements Callable<Integer> {
    private final Terminal terminal;
    private final InputStream in;

    @Mixin
    private final ServerOptions options = new ServerOptions();

    @Option(
            names = "--scopes",
            split = ",",
            paramLabel = "SCOPE",
            description = "read, write, symbols, ingest or admin; several with commas (read,write,symbols).")
    private List<String> scopes = List.of();

    @Parameters(paramLabel = "NAME", description = "What the person logs in with.")
    private String name = "";

    CreateUser(Terminal terminal, InputStream in) {
        this.terminal = terminal;
        this.in = in;
    }

    @Override
    public Integer call() throws IOException {
        ObjectNode user =
                JsonNodeFactory.instance.objectNode().put("name", name).put("password", password());
        if (!scopes.isEmpty()) {
            scopes.forEach(user.putArray("scopes")::add);
        }
        options.serverAsOwner(terminal).post("/api/v1/users", user);
        terminal.out().println("Created " + name);
        return ExitCode.OK;
    }

    private String password() throws IOException {
        Optional<Console> person = Optional.ofNullable(System.console()).filter(Console::isTerminal);
        if (person.isPresent()) {
            Console console = person.get();
            return same(console.readPassword("Password: "), console.readPassword("Again: "));
        }
        String line = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)).readLine();
        if (line == null || line.isEmpty()) {
            throw CommandFailure.usage("users create wants the password on standard input");
        }
        return line;
    }

    private static String same(char @Nullable [] first, char @Nullable [] second) {
        if (first == null || second == null) {
            throw CommandFailure.usage("no password was given");
        }
        if (!String.valueOf(first).equals(String.valueOf(second))) {
            throw CommandFailure.usage("the two passwords differ");
        }
        return String.valueOf(first);
    }
}
