package dev.faultline.symbols.dwarf;

import com.sun.management.ThreadMXBean;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.elf.ElfFile;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;

/**
 * How long one thread reads all debugging information of a file: {@link #main} takes the file, and how often. Prints what
 * each round took of the clock and of the processor, and how much of the heap it left behind.
 */
final class DebugInfoBenchmark {
    private static final int ROUNDS = 8;

    private DebugInfoBenchmark() {}

    public static void main(String[] arguments) {
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : ROUNDS;
        for (int round = 0; round < rounds; round++) {
            round(Path.of(arguments[0]));
        }
    }

    private static void round(Path file) {
        var thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long start = System.nanoTime();
        long processor = thread.getCurrentThreadCpuTime();
        long heap = thread.getCurrentThreadAllocatedBytes();
        long nodes = 0;
        long ranges = 0;
        long rows = 0;
        try (var elf = ElfFile.open(file, Limits.DEFAULT)) {
            var debugInfo = DebugInfo.open(elf, Companions.NONE, Limits.DEFAULT, System.out::println);
            var reader = debugInfo.reader();
            var code = new UnitCode();
            for (Unit unit : debugInfo.units()) {
                reader.read(unit, code);
                nodes += code.nodes();
                ranges += code.nodes() == 0 ? 0 : code.endRange(code.nodes() - 1);
                var lines = code.lines();
                rows += lines.sequences() == 0 ? 0 : lines.endRow(lines.sequences() - 1);
            }
        }
        System.out.printf(
                "%,d nodes, %,d ranges, %,d rows: %,d ms, %,d ms of a processor, %,d KB%n",
                nodes,
                ranges,
                rows,
                (System.nanoTime() - start) / 1_000_000,
                (thread.getCurrentThreadCpuTime() - processor) / 1_000_000,
                (thread.getCurrentThreadAllocatedBytes() - heap) / 1024);
    }
}
