package dev.faultline.differential;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Answers of the peers in a file, so that a machine without them compares the same. Gzip of lines: {@code peer, first
 * address, number of addresses, answer}; an answer that goes on over the next addresses is one line.
 */
final class Recorded {
    private Recorded() {}

    static SortedMap<Long, Map<Peer, Answer>> read(Path file) {
        var answers = new TreeMap<Long, Map<Peer, Answer>>(Long::compareUnsigned);
        try (var in = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] parts = line.split("\t", 4);
                Peer peer = Peer.valueOf(parts[0]);
                long first = Long.parseUnsignedLong(parts[1], 16);
                Answer answer = Answer.parse(parts[3]);
                for (int i = 0; i < Integer.parseInt(parts[2]); i++) {
                    answers.computeIfAbsent(first + i, address -> new EnumMap<>(Peer.class))
                            .put(peer, answer);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return answers;
    }

    static void write(Path file, SortedMap<Long, Map<Peer, Answer>> answers) {
        var lines = new ArrayList<String>();
        for (Peer peer : Peer.values()) {
            addRuns(peer, answers, lines);
        }
        try (var out = new BufferedWriter(
                new OutputStreamWriter(new GZIPOutputStream(Files.newOutputStream(file)), StandardCharsets.UTF_8))) {
            for (String line : lines) {
                out.write(line);
                out.write('\n');
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void addRuns(Peer peer, SortedMap<Long, Map<Peer, Answer>> answers, List<String> lines) {
        long start = 0;
        int count = 0;
        Answer before = null;
        for (var entry : answers.entrySet()) {
            Answer answer = entry.getValue().get(peer);
            if (before != null && (!before.equals(answer) || entry.getKey() != start + count)) {
                lines.add(line(peer, start, count, before));
                before = null;
            }
            if (answer != null && before == null) {
                start = entry.getKey();
                count = 0;
                before = answer;
            }
            count++;
        }
        if (before != null) {
            lines.add(line(peer, start, count, before));
        }
    }

    private static String line(Peer peer, long start, int count, Answer answer) {
        return "%s\t%x\t%d\t%s".formatted(peer, start, count, answer.text());
    }
}
