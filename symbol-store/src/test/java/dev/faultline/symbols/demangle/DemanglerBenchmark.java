package dev.faultline.symbols.demangle;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * How long one name takes: typical ones, and the average over the names of a fixture. Run {@link #main} with the module's
 * directory as working directory; it prints the fastest of several rounds, the others met other load.
 */
final class DemanglerBenchmark {
    private static final int ROUNDS = 12;
    private static final int NAMES_A_ROUND = 1_000_000;

    private DemanglerBenchmark() {}

    public static void main(String[] arguments) throws IOException {
        measure("a function", List.of("_ZN5radio8downlink6decodeERKNS_6PacketE"));
        measure("of a template", List.of("_ZNSt6vectorIN5radio6PacketESaIS1_EE9push_backERKS1_"));
        measure("of Rust", List.of("_RNvMsr_NtCs3ssYzQotkvD_3std4pathNtB5_7PathBuf3newCs15kBYyAo9fc_7mycrate"));
        measure("of C", List.of("HAL_UART_Transmit"));
        measure("itanium.tsv", names("itanium.tsv"));
        measure("rust.tsv", names("rust.tsv"));
    }

    private static void measure(String what, List<String> names) {
        long fastest = Long.MAX_VALUE;
        long characters = 0;
        for (int round = 0; round < ROUNDS; round++) {
            long start = System.nanoTime();
            for (int i = 0; i < NAMES_A_ROUND; i++) {
                characters += Demangler.demangle(names.get(i % names.size()))
                        .map(String::length)
                        .orElse(0);
            }
            fastest = Math.min(fastest, System.nanoTime() - start);
        }
        System.out.printf(
                "%-14s %6.0f ns a name of %3.0f characters%n",
                what, (double) fastest / NAMES_A_ROUND, (double) characters / ROUNDS / NAMES_A_ROUND);
    }

    private static List<String> names(String file) throws IOException {
        return Files.readAllLines(Path.of("..", "firmware-fixtures", "symbols", "names", file)).stream()
                .map(line -> line.substring(0, line.indexOf('\t')))
                .toList();
    }
}
