package dev.faultline.symbols.index;

import dev.faultline.symbols.bytes.Limits;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * What an index costs to build, to open and to ask. Each command measures one thing and prints one line of numbers;
 * {@code firmware-fixtures/symbols/bench.sh} runs them beside the other tools and makes the tables.
 */
final class IndexBenchmark {
    /** A build counts as warm when the best time has not become better by a fiftieth in this many rounds. */
    private static final int ROUNDS_WITHOUT_GAIN = 4;

    private static final int MOST_ROUNDS = 30;
    private static final long LONGEST_NANOS = 120_000_000_000L;
    private static final int LOOKUP_ROUNDS = 15;
    private static final int OPENINGS = 400;

    /** Keeps the compiler from leaving out what is measured. */
    private static long sink;

    private IndexBenchmark() {}

    public static void main(String[] arguments) throws IOException {
        Path file = Path.of(arguments[1]);
        switch (arguments[0]) {
            case "build-warm" -> buildWarm(file, Path.of(arguments[2]), Integer.parseInt(arguments[3]));
            case "build-once" -> buildOnce(file, Path.of(arguments[2]), Integer.parseInt(arguments[3]));
            case "addresses" -> printAddresses(file, Integer.parseInt(arguments[2]));
            case "lookups" -> lookups(file, Integer.parseInt(arguments[2]));
            case "text" -> answerAsText(file);
            case "text-warm" -> answerAsTextWarm(file, Integer.parseInt(arguments[2]));
            case "open" -> open(file);
            default -> throw new IllegalArgumentException("no such measurement: " + arguments[0]);
        }
    }

    private static void build(Path debugFile, Path indexFile, int workers) {
        SymbolIndex.build(debugFile, indexFile, Limits.DEFAULT, workers);
    }

    /** Best and median of the second half: seconds. */
    private static void buildWarm(Path debugFile, Path indexFile, int workers) {
        var seconds = new double[MOST_ROUNDS];
        double best = Double.MAX_VALUE;
        int rounds = 0;
        int withoutGain = 0;
        long begin = System.nanoTime();
        while (rounds < MOST_ROUNDS
                && withoutGain < ROUNDS_WITHOUT_GAIN
                && (rounds < 3 || System.nanoTime() - begin < LONGEST_NANOS)) {
            long start = System.nanoTime();
            build(debugFile, indexFile, workers);
            double taken = (System.nanoTime() - start) / 1e9;
            seconds[rounds++] = taken;
            withoutGain = taken < best * 0.98 ? 0 : withoutGain + 1;
            best = Math.min(best, taken);
        }
        double[] late = Arrays.copyOfRange(seconds, rounds / 2, rounds);
        Arrays.sort(late);
        System.out.printf("%.3f %.3f%n", best, late[late.length / 2]);
    }

    /** Seconds, peak of the heap in MB, resident peak of the process and what of it is no file, in MB. */
    private static void buildOnce(Path debugFile, Path indexFile, int workers) throws IOException {
        var heap = new HeapPeak();
        heap.start();
        long start = System.nanoTime();
        build(debugFile, indexFile, workers);
        double taken = (System.nanoTime() - start) / 1e9;
        System.out.printf(
                "%.3f %.0f %.0f %.0f%n", taken, heap.peak / 1e6, status("VmHWM:") / 1e6, status("RssAnon:") / 1e6);
    }

    /** The most heap in use at once, looked at every two milliseconds: the peaks of the pools are not of one moment. */
    private static final class HeapPeak extends Thread {
        private static final long MILLISECONDS_BETWEEN = 2;

        private volatile long peak;

        HeapPeak() {
            super("heap peak");
            setDaemon(true);
        }

        @Override
        public void run() {
            var runtime = Runtime.getRuntime();
            while (true) {
                peak = Math.max(peak, runtime.totalMemory() - runtime.freeMemory());
                try {
                    sleep(MILLISECONDS_BETWEEN);
                } catch (InterruptedException e) {
                    return;
                }
            }
        }
    }

    private static void printAddresses(Path indexFile, int count) {
        var out = new StringBuilder();
        try (var index = SymbolIndex.open(indexFile)) {
            for (long address : addresses(index, count)) {
                out.append("0x").append(Long.toHexString(address)).append('\n');
            }
        }
        System.out.print(out);
    }

    /** Nanoseconds for one address with all its frames, names as strings: best and median round. */
    private static void lookups(Path indexFile, int count) {
        try (var index = SymbolIndex.open(indexFile)) {
            long[] addresses = addresses(index, count);
            var nanos = new double[LOOKUP_ROUNDS];
            for (int round = 0; round < LOOKUP_ROUNDS; round++) {
                long start = System.nanoTime();
                for (long address : addresses) {
                    for (SourceFrame frame : index.lookup(address)) {
                        String file = frame.file();
                        sink += frame.function().length() + frame.line() + (file == null ? 0 : file.length());
                    }
                }
                nanos[round] = (System.nanoTime() - start) / (double) addresses.length;
            }
            double[] late = Arrays.copyOfRange(nanos, LOOKUP_ROUNDS / 3, LOOKUP_ROUNDS);
            Arrays.sort(late);
            System.out.printf("%.0f %.0f%n", late[0], late[late.length / 2]);
        }
        if (sink == 0) {
            throw new IllegalStateException("no address had a function");
        }
    }

    /** Addresses from standard input to lines on standard output, out of an index that exists. */
    private static void answerAsText(Path indexFile) throws IOException {
        try (var index = SymbolIndex.open(indexFile)) {
            var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            var out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                out.print(text(line, index.lookup(Long.parseUnsignedLong(line.substring(2), 16))));
            }
            out.flush();
        }
    }

    /** Seconds for so many addresses as text, in this process: best round. */
    private static void answerAsTextWarm(Path indexFile, int count) {
        try (var index = SymbolIndex.open(indexFile)) {
            long[] addresses = addresses(index, count);
            double best = Double.MAX_VALUE;
            for (int round = 0; round < LOOKUP_ROUNDS; round++) {
                long start = System.nanoTime();
                for (long address : addresses) {
                    sink += text("0x" + Long.toHexString(address), index.lookup(address))
                            .length();
                }
                best = Math.min(best, (System.nanoTime() - start) / 1e9);
            }
            System.out.printf("%.3f%n", best);
        }
    }

    /** Microseconds of opening and of the first answer: the first time of this process, then the median. */
    private static void open(Path indexFile) throws IOException {
        long address;
        try (var index = SymbolIndex.open(indexFile)) {
            address = addresses(index, 1)[0];
        }
        // what the classes and the compiler cost is paid with a small index
        warmOpening();
        var opening = new double[OPENINGS];
        var answering = new double[OPENINGS];
        for (int i = 0; i < OPENINGS; i++) {
            long start = System.nanoTime();
            try (var index = SymbolIndex.open(indexFile)) {
                long opened = System.nanoTime();
                sink += index.lookup(address).size();
                answering[i] = (System.nanoTime() - opened) / 1e3;
                opening[i] = (opened - start) / 1e3;
            }
        }
        double first = opening[0];
        double firstAnswer = answering[0];
        Arrays.sort(opening);
        Arrays.sort(answering);
        System.out.printf("%.0f %.0f %.0f %.0f%n", first, firstAnswer, opening[OPENINGS / 2], answering[OPENINGS / 2]);
    }

    private static void warmOpening() throws IOException {
        Path small = Files.createTempFile("small", ".idx");
        try {
            SymbolIndex.build(Fixtures.elf("x86-64-gcc"), small, Limits.DEFAULT);
            for (int i = 0; i < 5_000; i++) {
                try (var index = SymbolIndex.open(small)) {
                    // all of it in turn: it has names of C++ to demangle, as the file that is measured
                    var text = index.text().get(i % index.text().size());
                    sink += index.lookup(text.start() + i % text.size()).size();
                }
            }
        } finally {
            Files.delete(small);
        }
    }

    /** Uniform over the bytes of code; the same for the same index. */
    private static long[] addresses(SymbolIndex index, int count) {
        List<AddressRange> text = index.text();
        long bytes = text.stream().mapToLong(AddressRange::size).sum();
        var random = new Random(7);
        var addresses = new long[count];
        for (int i = 0; i < count; i++) {
            long at = (random.nextLong() & Long.MAX_VALUE) % bytes;
            for (AddressRange range : text) {
                if (at < range.size()) {
                    addresses[i] = range.start() + at;
                    break;
                }
                at -= range.size();
            }
        }
        return addresses;
    }

    private static String text(String asked, List<SourceFrame> frames) {
        if (frames.isEmpty()) {
            return asked + ": ?? at ??:0\n";
        }
        var text = new StringBuilder();
        for (SourceFrame frame : frames) {
            String file = frame.file();
            text.append(text.isEmpty() ? asked + ": " : " (inlined by) ")
                    .append(frame.function())
                    .append(" at ")
                    .append(file == null ? "??" : file)
                    .append(':')
                    .append(frame.line())
                    .append('\n');
        }
        return text.toString();
    }

    private static long status(String field) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith(field)) {
                return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
            }
        }
        return 0;
    }
}
