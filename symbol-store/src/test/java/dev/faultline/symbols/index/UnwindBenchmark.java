package dev.faultline.symbols.index;

import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.dwarf.CallFrameInformation;
import dev.faultline.symbols.dwarf.CallFrameSection;
import dev.faultline.symbols.dwarf.UnwindRules;
import dev.faultline.symbols.elf.ElfFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Call frame information of ELF files (arguments) to unwind rows as the index has them, and looked up. Prints for each the
 * best of ten builds, the sizes, and nanoseconds per lookup of random addresses. Every entry counts, because nothing is
 * known of functions here.
 */
final class UnwindBenchmark {
    private static final int BUILDS = 10;
    private static final int LOOKUPS = 1_000_000;

    private UnwindBenchmark() {}

    public static void main(String[] arguments) {
        for (String file : arguments) {
            try (var elf = ElfFile.open(Path.of(file), Limits.DEFAULT)) {
                measure(file, elf);
            }
        }
    }

    private static void measure(String file, ElfFile elf) {
        var live = new LiveCode(elf, ImageSymbols.read(elf));
        long base = live.text().getFirst().start();
        long evaluate = Long.MAX_VALUE;
        long write = Long.MAX_VALUE;
        for (int i = 0; i < BUILDS; i++) {
            long begin = now();
            var table = evaluate(elf, live);
            long evaluated = now();
            write(table, base).write();
            evaluate = Math.min(evaluate, evaluated - begin);
            write = Math.min(write, now() - evaluated);
        }
        var table = evaluate(elf, live);
        var starts = new ArrayList<Long>();
        table.emit((start, end, rule) -> starts.add(start));
        var writer = write(evaluate(elf, live), base);
        var parts = writer.write();
        System.out.printf(
                "%s: %d rows, %d rules; evaluate %.1f ms, write %.1f ms; %d + %d + %d bytes, %.2f a row; find %s%n",
                file,
                writer.count(),
                table.rules().count(),
                evaluate / 1e6,
                write / 1e6,
                parts.anchors().size(),
                parts.rows().size(),
                parts.rules().size(),
                (double) (parts.anchors().size() + parts.rows().size()) / writer.count(),
                lookups(parts, base, starts));
    }

    private static UnwindTable evaluate(ElfFile elf, LiveCode live) {
        var table = new UnwindTable(live, new NoFunctions());
        for (String name : List.of(".debug_frame", ".eh_frame")) {
            elf.section(name)
                    .map(section -> new CallFrameSection(
                            elf.bytes(section),
                            name.equals(".eh_frame"),
                            section.address(),
                            0,
                            0,
                            elf.header().machine(),
                            elf.header().addressSize()))
                    .ifPresent(section -> CallFrameInformation.read(
                            section, Limits.DEFAULT, table.rules(), table.callFrames(), System.out::println));
        }
        return table;
    }

    private static RowWriter write(UnwindTable table, long base) {
        var writer = new RowWriter(new Words(Integer.BYTES, base), table.rules());
        table.emit(writer);
        writer.end();
        return writer;
    }

    private static String lookups(RowWriter.Parts parts, long base, List<Long> starts) {
        try (Arena arena = Arena.ofShared()) {
            var rows = new UnwindRows(
                    copy(parts.anchors(), arena), copy(parts.rows(), arena), copy(parts.rules(), arena), 4, base);
            var random = new Random(1);
            long[] addresses = random.longs(LOOKUPS, 0, starts.size())
                    .map(row -> starts.get((int) row) + 1)
                    .toArray();
            double best = Double.MAX_VALUE;
            long sum = 0;
            for (int run = 0; run < 10; run++) {
                long begin = now();
                for (long address : addresses) {
                    int rule = rows.find(address);
                    sum += rule == UnwindRules.NONE ? 0 : rows.row(rule).returnAddressRegister();
                }
                best = Math.min(best, (now() - begin) / (double) LOOKUPS);
            }
            return "%.0f ns (%d)".formatted(best, sum & 1);
        }
    }

    /** Time of this thread alone, which a busy machine stretches less. */
    private static long now() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static MemorySegment copy(Bytes bytes, Arena arena) {
        var from = MemorySegment.ofBuffer(bytes.buffer());
        return arena.allocate(Math.max(1, from.byteSize())).copyFrom(from).asSlice(0, from.byteSize());
    }

    /** Nothing is known of functions. */
    private record NoFunctions() implements FunctionStarts {

        @Override
        public boolean startsAt(long address) {
            return false;
        }

        @Override
        public long endOf(long start) {
            return 0;
        }
    }
}
