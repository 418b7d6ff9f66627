package dev.faultline.symbols.dwarf;

import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.dwarf.UnwindTools.Entry;
import dev.faultline.symbols.dwarf.UnwindTools.Row;
import dev.faultline.symbols.elf.ElfFile;
import dev.faultline.symbols.elf.Section;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Holds every row of call frame information of ELF files against what {@code readelf -wF} and {@code llvm-dwarfdump
 * --eh-frame} print. Arguments: files. Prints a line for each and the first disagreements; with {@code
 * -Dgolden=DIRECTORY} also writes the rows that both tools agree on to a file of the ELF's name there; {@code
 * -Dllvm-dwarfdump=COMMAND} names the tool.
 */
final class UnwindDifference {
    private static final int MOST_SHOWN = 20;
    private static final int MOST_DISAGREEMENTS = 3;

    private UnwindDifference() {}

    record Range(long start, long end) {}

    /** Rows in {@link RowText}, of every entry with the same range in the order of the file. */
    record Ours(Map<Range, Deque<Entry>> entries, List<String> diagnostics) {}

    public static void main(String[] arguments) throws IOException {
        long files = 0;
        long rows = 0;
        long agreed = 0;
        long equal = 0;
        for (String argument : arguments) {
            var counts = compare(Path.of(argument));
            files++;
            rows += counts[0];
            agreed += counts[1];
            equal += counts[2];
        }
        System.out.printf("%d files: %d rows, the tools agree on %d, equal %d%n", files, rows, agreed, equal);
    }

    private static long[] compare(Path file) throws IOException {
        long rows = 0;
        long agreed = 0;
        long equal = 0;
        int shown = 0;
        int disagreements = 0;
        var golden = new ArrayList<String>();
        Ours ours;
        UnwindTools tools;
        try (var elf = ElfFile.open(file, Limits.DEFAULT)) {
            tools = new UnwindTools(elf.header().machine());
            ours = ours(elf);
        }
        var llvm = byRange(tools.llvm(file));
        for (Entry readelf : tools.readelf(file)) {
            var range = new Range(readelf.start(), readelf.end());
            Entry other = next(llvm, range);
            Entry mine = next(ours.entries(), range);
            golden.add("%x %x".formatted(readelf.start(), readelf.end()));
            var addresses = new TreeSet<Long>(Long::compareUnsigned);
            addresses.add(readelf.start());
            for (Entry entry : other == null || mine == null ? List.of(readelf) : List.of(readelf, other, mine)) {
                entry.rows().forEach(row -> addresses.add(row.address()));
            }
            for (long address : addresses) {
                if (Long.compareUnsigned(address, readelf.end()) >= 0) {
                    continue;
                }
                rows++;
                Row first = readelf.at(address);
                Row second = other == null ? null : other.at(address);
                if (first == null || second == null || !agree(first, second)) {
                    if (disagreements++ < MOST_DISAGREEMENTS) {
                        System.out.printf(
                                "%s: the tools disagree at 0x%x%n  readelf  %s%n  llvm     %s%n",
                                file,
                                address,
                                first == null ? "nothing" : first.text(),
                                second == null ? "nothing" : second.text());
                    }
                    continue;
                }
                agreed++;
                golden.add("%x %s".formatted(address, second.text()));
                Row found = mine == null ? null : mine.at(address);
                if (found != null && found.cfa().equals(second.text())) {
                    equal++;
                } else if (shown++ < MOST_SHOWN) {
                    System.out.printf(
                            "%s: entry 0x%x..0x%x at 0x%x%n  tools    %s%n  engine   %s%n",
                            file,
                            readelf.start(),
                            readelf.end(),
                            address,
                            second.text(),
                            found == null ? "nothing" : found.cfa());
                }
            }
        }
        System.out.printf(
                "%s: %d rows, the tools agree on %d, equal %d%s; %d diagnostics%s%n",
                file,
                rows,
                agreed,
                equal,
                equal == agreed ? "" : " DIFFERENT",
                ours.diagnostics().size(),
                ours.diagnostics().isEmpty()
                        ? ""
                        : ", such as: " + ours.diagnostics().getFirst());
        String directory = System.getProperty("golden");
        if (directory != null) {
            Files.write(Path.of(directory, file.getFileName() + ".rows"), golden);
        }
        return new long[] {rows, agreed, equal};
    }

    /** readelf says u for what is undefined and for what nothing was said about, and does not know signed addresses. */
    private static boolean agree(Row readelf, Row llvm) {
        if (!readelf.cfa().equals(llvm.cfa().startsWith("(") ? "exp" : llvm.cfa())) {
            return false;
        }
        var registers = new TreeSet<>(readelf.rules().keySet());
        registers.addAll(llvm.rules().keySet());
        for (int register : registers) {
            String first = readelf.rules().getOrDefault(register, "u");
            String second = llvm.rules().getOrDefault(register, "u");
            boolean signing = register == 34 && second.matches("\\d");
            String kind = second.startsWith("[") ? "exp" : second.startsWith("(") ? "vexp" : second;
            if (!signing && !first.equals(kind)) {
                return false;
            }
        }
        return true;
    }

    static Ours ours(ElfFile elf) {
        var ours = new Ours(new HashMap<>(), new ArrayList<>());
        var rules = new UnwindRules();
        for (String name : List.of(".eh_frame", ".debug_frame", ".zdebug_frame")) {
            elf.section(name)
                    .map(section -> section(elf, section))
                    .ifPresent(section -> CallFrameInformation.read(
                            section,
                            Limits.DEFAULT,
                            rules,
                            new Collector(ours.entries(), rules),
                            ours.diagnostics()::add));
        }
        return ours;
    }

    static CallFrameSection section(ElfFile elf, Section section) {
        int machine = elf.header().machine();
        int addressSize = elf.header().addressSize();
        return section.name().equals(".eh_frame")
                ? new CallFrameSection(elf.bytes(section), true, section.address(), 0, 0, machine, addressSize)
                : CallFrameSection.debugFrame(elf.bytes(section), machine, addressSize);
    }

    private static Map<Range, Deque<Entry>> byRange(List<Entry> entries) {
        var byRange = new HashMap<Range, Deque<Entry>>();
        for (Entry entry : entries) {
            byRange.computeIfAbsent(new Range(entry.start(), entry.end()), range -> new ArrayDeque<>())
                    .add(entry);
        }
        return byRange;
    }

    private static @Nullable Entry next(Map<Range, Deque<Entry>> entries, Range range) {
        var queue = entries.get(range);
        return queue == null ? null : queue.poll();
    }

    /** The engine's rows; the text of the whole row in the place of the CFA. */
    private static final class Collector implements UnwindRowSink {
        private final Map<Range, Deque<Entry>> entries;
        private final UnwindRules rules;
        private final Map<Integer, String> texts = new HashMap<>();
        private Entry current = new Entry(0, 0, List.of());

        Collector(Map<Range, Deque<Entry>> entries, UnwindRules rules) {
            this.entries = entries;
            this.rules = rules;
        }

        @Override
        public void entry(long start, long end) {
            current = new Entry(start, end, new ArrayList<>());
            entries.computeIfAbsent(new Range(start, end), range -> new ArrayDeque<>())
                    .add(current);
        }

        @Override
        public void row(long start, long end, int rule) {
            String text = texts.computeIfAbsent(rule, number -> RowText.of(rules.row(number)));
            current.rows().add(new Row(start, text, Map.of()));
        }
    }
}
