package dev.faultline.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** A command line as it was run in this JVM. */
public record Run(int exitCode, String out, String err) {

    public static Run of(String... arguments) {
        return withInput("", arguments);
    }

    public static Run withInput(String input, String... arguments) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        int exitCode = Faultline.run(
                new Terminal(out, err, false, false),
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                arguments);
        return new Run(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
