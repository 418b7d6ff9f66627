package dev.faultline.differential;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A tool that answers the same question: one process for a file, all addresses through its standard input. */
enum Peer {
    LLVM("llvm-symbolizer", "llvm-symbolizer-22", "llvm-symbolizer") {
        @Override
        List<String> arguments(Path file) {
            return List.of(
                    "--output-style=JSON", "--inlines", "--no-demangle", "--functions=linkage", "-e", file.toString());
        }

        @Override
        List<Answer> parse(List<String> lines) {
            return lines.stream().map(Peer::ofJson).toList();
        }
    },
    GNU("GNU addr2line", "addr2line", "addr2line") {
        @Override
        List<String> arguments(Path file) {
            return List.of("-a", "-f", "-i", "-e", file.toString());
        }

        @Override
        List<Answer> parse(List<String> lines) {
            return ofPairs(lines);
        }
    },
    ELFUTILS("eu-addr2line", "eu-addr2line", "eu-addr2line") {
        @Override
        List<String> arguments(Path file) {
            return List.of("-a", "-f", "-i", "-e", file.toString());
        }

        @Override
        List<Answer> parse(List<String> lines) {
            return ofPairs(lines);
        }
    };

    private static final ObjectMapper JSON = new ObjectMapper();

    private final String title;
    private final String newest;
    private final String usual;

    Peer(String title, String newest, String usual) {
        this.title = title;
        this.newest = newest;
        this.usual = usual;
    }

    String title() {
        return title;
    }

    abstract List<String> arguments(Path file);

    abstract List<Answer> parse(List<String> lines);

    /** The command on this machine's path, the newer one first. */
    Optional<Path> command() {
        for (String command : List.of(newest, usual)) {
            for (String directory : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
                Path file = Path.of(directory, command);
                if (Files.isExecutable(file)) {
                    return Optional.of(file);
                }
            }
        }
        return Optional.empty();
    }

    /** Its version, a number. */
    String version() {
        String text = String.join(" ", run(List.of(command().orElseThrow().toString(), "--version"), "", Path.of(".")));
        var matcher = java.util.regex.Pattern.compile("\\d+\\.[\\d.]+").matcher(text);
        return matcher.find() ? matcher.group() : text;
    }

    /** One answer for each address. */
    List<Answer> ask(Path file, long[] addresses) {
        var input = new StringBuilder(addresses.length * 12);
        for (long address : addresses) {
            // llvm-symbolizer takes a number without 0x for a symbol
            input.append("0x").append(Long.toHexString(address)).append('\n');
        }
        var command = new ArrayList<String>();
        command.add(command().orElseThrow().toString());
        command.addAll(arguments(file.toAbsolutePath()));
        List<Answer> answers =
                parse(run(command, input.toString(), file.toAbsolutePath().resolveSibling(".")));
        if (answers.size() != addresses.length) {
            throw new IllegalStateException("%s gave %d answers to %d addresses of %s"
                    .formatted(title, answers.size(), addresses.length, file));
        }
        return answers;
    }

    /**
     * What a command prints, line by line.
     *
     * @param directory where it runs: names of other files in debugging information count from there
     */
    static List<String> run(List<String> command, String input, Path directory) {
        try {
            Path in = Files.createTempFile("faultline", ".in");
            try {
                Files.writeString(in, input);
                var process = new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectInput(in.toFile())
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
                List<String> lines;
                try (var out = process.inputReader(StandardCharsets.UTF_8)) {
                    lines = out.lines().toList();
                }
                process.waitFor();
                return lines;
            } finally {
                Files.delete(in);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + command.getFirst() + " was running", e);
        }
    }

    private static Answer ofJson(String line) {
        try {
            var levels = new ArrayList<Level>();
            for (JsonNode symbol : JSON.readTree(line).path("Symbol")) {
                levels.add(new Level(
                        known(symbol.path("FunctionName").asText()),
                        known(symbol.path("FileName").asText()),
                        symbol.path("Line").asInt(),
                        symbol.path("Column").asInt()));
            }
            return Answer.of(levels);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An address, then a line with a function and a line with a place for each level. */
    private static List<Answer> ofPairs(List<String> lines) {
        var answers = new ArrayList<Answer>();
        var levels = new ArrayList<Level>();
        boolean first = true;
        String function = null;
        for (String line : lines) {
            if (line.startsWith("0x")) {
                if (!first) {
                    answers.add(Answer.of(levels));
                }
                first = false;
                levels.clear();
                function = null;
            } else if (function == null) {
                // eu-addr2line: "push inlined at ring.c:69:16 in feed"
                function = line.replaceFirst(" inlined at .*", "");
            } else {
                levels.add(place(known(function), line));
                function = null;
            }
        }
        if (!first) {
            answers.add(Answer.of(levels));
        }
        return answers;
    }

    /** {@code file:line}, {@code file:line:column}, {@code file:? (discriminator 3)}. */
    private static Level place(@Nullable String function, String text) {
        String place = text.replaceFirst(" \\(discriminator \\d+\\)$", "");
        var matcher =
                java.util.regex.Pattern.compile("(.*?):(\\d+|\\?)(?::(\\d+))?").matcher(place);
        if (!matcher.matches()) {
            throw new IllegalStateException("no place: " + text);
        }
        return new Level(function, known(matcher.group(1)), number(matcher.group(2)), number(matcher.group(3)));
    }

    private static int number(@Nullable String digits) {
        return digits == null || digits.equals("?") ? 0 : Integer.parseInt(digits);
    }

    private static @Nullable String known(String text) {
        return text.isEmpty() || text.equals("??") ? null : text;
    }
}
