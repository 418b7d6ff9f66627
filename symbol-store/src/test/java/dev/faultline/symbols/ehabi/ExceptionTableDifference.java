package dev.faultline.symbols.ehabi;

import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.dwarf.RowText;
import dev.faultline.symbols.dwarf.UnwindRowSink;
import dev.faultline.symbols.dwarf.UnwindRules;
import dev.faultline.symbols.elf.ElfFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Holds the exception tables of ELF files of 32-bit Arm against what {@code readelf -u} and {@code llvm-readelf -u} print.
 * Arguments: files. {@code -Dllvm-readelf=COMMAND} names the second tool.
 */
final class ExceptionTableDifference {
    private static final int MOST_SHOWN = 20;
    private static final String CANNOT_UNWIND = "cfa=r13+0 r14=u";

    private ExceptionTableDifference() {}

    public static void main(String[] arguments) throws IOException {
        for (String argument : arguments) {
            Path file = Path.of(argument);
            Ours ours = ours(file);
            var readelf = PrintedTables.readelf(lines("readelf", file));
            var llvm = PrintedTables.llvm(lines(System.getProperty("llvm-readelf", "llvm-readelf"), file));
            if (Set.of(CANNOT_UNWIND).containsAll(readelf.values())) {
                System.out.printf("%s: says of nothing how to unwind it%n", file);
                continue;
            }
            int agreed = 0;
            int shown = 0;
            int equal = 0;
            for (var entry : readelf.entrySet()) {
                String row = PrintedTables.agreed(entry.getValue(), llvm.get(entry.getKey()));
                if (row == null) {
                    continue;
                }
                agreed++;
                String mine = ours.rows().getOrDefault(entry.getKey(), "spare");
                if (mine.equals(row)) {
                    equal++;
                } else if (shown++ < MOST_SHOWN) {
                    System.out.printf("0x%x%n  tools    %s%n  engine   %s%n", entry.getKey(), row, mine);
                }
            }
            System.out.printf(
                    "%s: %d entries, the tools decode and agree on %d, equal %d; engine has %d; %s%n",
                    file, readelf.size(), agreed, equal, ours.rows().size(), ours.diagnostics());
        }
    }

    /** The engine's rows by address of the function. */
    record Ours(Map<Long, String> rows, List<String> diagnostics) {}

    static Ours ours(Path file) {
        var ours = new Ours(new TreeMap<>(), new ArrayList<>());
        var rules = new UnwindRules();
        try (var elf = ElfFile.open(file, Limits.DEFAULT)) {
            ExceptionIndexTable.read(
                    elf,
                    Limits.DEFAULT,
                    rules,
                    new UnwindRowSink() {
                        @Override
                        public void entry(long start, long end) {}

                        @Override
                        public void row(long start, long end, int rule) {
                            ours.rows().put(start, RowText.of(rules.row(rule)));
                        }
                    },
                    ours.diagnostics()::add);
        }
        return ours;
    }

    private static List<String> lines(String tool, Path file) throws IOException {
        var process = new ProcessBuilder(tool, "-u", file.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (var reader = process.inputReader()) {
            return reader.lines().toList();
        } finally {
            process.destroy();
        }
    }
}
