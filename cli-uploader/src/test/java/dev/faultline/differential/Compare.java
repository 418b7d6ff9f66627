package dev.faultline.differential;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Compares any files with the peers that are installed: what {@code firmware-fixtures/symbols/compare.sh} runs. Prints the
 * report; exit code 1 where an answer of ours is wrong.
 */
final class Compare {
    private Compare() {}

    public static void main(String[] arguments) throws IOException {
        int most = 10_000;
        int mostForElfutils = Integer.MAX_VALUE;
        boolean record = false;
        String command = "";
        var files = new ArrayList<Path>();
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--addresses" -> most = Integer.parseInt(arguments[++i]);
                case "--eu-addr2line" -> mostForElfutils = Integer.parseInt(arguments[++i]);
                case "--command" -> command = arguments[++i];
                case "--record" -> record = true;
                default -> files.add(Path.of(arguments[i]));
            }
        }
        if (record) {
            recordFixtures();
            return;
        }
        if (files.isEmpty()) {
            System.err.println("usage: compare.sh FILE… [--addresses 10000] [--eu-addr2line 10000]");
            System.exit(2);
        }
        var comparisons = new ArrayList<Comparison>();
        for (Path file : files) {
            comparisons.add(compare(file, most, mostForElfutils, command));
        }
        new PrintStream(System.out, true, StandardCharsets.UTF_8).print(Report.of(comparisons));
        if (comparisons.stream().anyMatch(comparison -> !comparison.mistakes().isEmpty())) {
            System.exit(1);
        }
    }

    private static Comparison compare(Path file, int most, int mostForElfutils, String command) throws IOException {
        Image image = Image.read(file);
        long[] addresses = Addresses.of(image, most);
        var peers = new TreeMap<Long, Map<Peer, Answer>>(Long::compareUnsigned);
        for (Peer peer : Peer.values()) {
            long start = System.nanoTime();
            if (peer.command().isEmpty()) {
                System.err.printf("%s is not installed%n", peer.title());
                continue;
            }
            long[] asked = peer == Peer.ELFUTILS ? some(addresses, mostForElfutils) : addresses;
            ask(peer, file, asked, peers);
            System.err.printf(
                    "%s %s: %d addresses of %s in %.1f s%n",
                    peer.title(), peer.version(), asked.length, file.getFileName(), (System.nanoTime() - start) / 1e9);
        }
        return Comparison.of(
                String.valueOf(file.getFileName()), new Judge(image, null), peers, ours(file, addresses, command));
    }

    private static Map<Long, Answer> ours(Path file, long[] addresses, String command) throws IOException {
        Path indexFile = Files.createTempFile("faultline", ".idx");
        try {
            long start = System.nanoTime();
            Map<Long, Answer> ours = Comparison.ours(file, indexFile, boxed(addresses));
            System.err.printf(
                    "index and answers of %s in %.1f s%n", file.getFileName(), (System.nanoTime() - start) / 1e9);
            if (!command.isEmpty()) {
                checkCommand(command, file, addresses, ours);
            }
            return ours;
        } finally {
            Files.delete(indexFile);
        }
    }

    /** The command line has to say the same as the library. */
    private static void checkCommand(String command, Path file, long[] addresses, Map<Long, Answer> ours) {
        var input = new StringBuilder();
        for (long address : addresses) {
            input.append("0x").append(Long.toHexString(address)).append('\n');
        }
        List<String> lines = Peer.run(
                List.of(command, "symbolicate", "--json", "--elf", file.toString(), "-"),
                input.toString(),
                Path.of("."));
        for (int i = 0; i < addresses.length; i++) {
            Answer printed = i < lines.size() ? ofJson(lines.get(i)) : Answer.NOTHING;
            if (!printed.equals(ours.get(addresses[i]))) {
                throw new IllegalStateException("0x%x: the command says %s, the library %s"
                        .formatted(addresses[i], printed, ours.get(addresses[i])));
            }
        }
        System.err.printf("the command says the same to %d addresses%n", addresses.length);
    }

    /** A line of {@code faultline symbolicate --json}. */
    static Answer ofJson(String line) {
        try {
            var levels = new ArrayList<Level>();
            for (JsonNode frame : new ObjectMapper().readTree(line).path("frames")) {
                levels.add(new Level(
                        frame.path("linkageName").asText(frame.path("function").asText()),
                        frame.has("file") ? frame.path("file").asText() : null,
                        frame.path("line").asInt(),
                        frame.path("column").asInt()));
            }
            return new Answer(levels);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void recordFixtures() throws IOException {
        Files.createDirectories(FixtureFiles.PEERS);
        for (var fixture : FixtureFiles.all().entrySet()) {
            Path file = fixture.getValue();
            var answers = new TreeMap<Long, Map<Peer, Answer>>(Long::compareUnsigned);
            long[] addresses = Addresses.of(Image.read(file), FixtureFiles.MOST_ADDRESSES);
            for (Peer peer : Peer.values()) {
                ask(peer, file, addresses, answers);
            }
            Recorded.write(FixtureFiles.recorded(fixture.getKey()), answers);
        }
        var versions = new StringBuilder();
        for (Peer peer : Peer.values()) {
            versions.append(peer.title()).append('\t').append(peer.version()).append('\n');
        }
        Files.writeString(FixtureFiles.PEERS.resolve("versions.tsv"), versions);
    }

    static void ask(Peer peer, Path file, long[] addresses, Map<Long, Map<Peer, Answer>> answers) {
        List<Answer> given = peer.ask(file, addresses);
        for (int i = 0; i < addresses.length; i++) {
            answers.computeIfAbsent(addresses[i], address -> new EnumMap<>(Peer.class))
                    .put(peer, given.get(i));
        }
    }

    /** Evenly so many of them. */
    private static long[] some(long[] addresses, int most) {
        int step = (int) Math.ceilDiv((long) addresses.length, most);
        return step < 2
                ? addresses
                : IntStream.range(0, addresses.length)
                        .filter(i -> i % step == 0)
                        .mapToLong(i -> addresses[i])
                        .toArray();
    }

    private static List<Long> boxed(long[] addresses) {
        return java.util.Arrays.stream(addresses).boxed().toList();
    }
}
