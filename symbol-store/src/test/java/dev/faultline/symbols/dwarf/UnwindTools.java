package dev.faultline.symbols.dwarf;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What {@code readelf} and {@code llvm-dwarfdump} print of call frame information, in the words of {@link RowText}. */
final class UnwindTools {
    private static final Pattern READELF_ENTRY = Pattern.compile(
            "[0-9a-f]+ [0-9a-f]+ [0-9a-f]+ (?:(CIE) .* ra=(\\d+).*|FDE cie=([0-9a-f]+) pc=([0-9a-f]+)\\.\\.([0-9a-f]+).*)");
    private static final Pattern LLVM_ENTRY =
            Pattern.compile("[0-9a-f]+ [0-9a-f]+ [0-9a-f]+ FDE cie=[0-9a-f]+ pc=([0-9a-f]+)\\.\\.\\.([0-9a-f]+)");
    private static final Pattern LLVM_ROW = Pattern.compile(" *0x([0-9a-f]+): CFA=(.*)");
    private static final Pattern REGISTER_OFFSET = Pattern.compile("([A-Za-z_][A-Za-z_0-9]*?|\\w+)([-+]\\d+)?");

    private static final List<String> X86_64 = List.of(
            "rax", "rdx", "rcx", "rbx", "rsi", "rdi", "rbp", "rsp", "r8", "r9", "r10", "r11", "r12", "r13", "r14",
            "r15", "rip");
    private static final List<String> X86 = List.of("eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi", "eip");
    private static final List<String> RISCV = List.of(
            "zero", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "s0", "s1", "a0", "a1", "a2", "a3", "a4", "a5", "a6",
            "a7", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6");
    private static final List<String> RISCV_FLOAT = List.of(
            "ft0", "ft1", "ft2", "ft3", "ft4", "ft5", "ft6", "ft7", "fs0", "fs1", "fa0", "fa1", "fa2", "fa3", "fa4",
            "fa5", "fa6", "fa7", "fs2", "fs3", "fs4", "fs5", "fs6", "fs7", "fs8", "fs9", "fs10", "fs11", "ft8", "ft9",
            "ft10", "ft11");
    private static final List<String> MIPS = List.of(
            "zero", "at", "v0", "v1", "a0", "a1", "a2", "a3", "t0", "t1", "t2", "t3", "t4", "t5", "t6", "t7", "s0",
            "s1", "s2", "s3", "s4", "s5", "s6", "s7", "t8", "t9", "k0", "k1", "gp", "sp", "fp", "ra");

    private final int machine;

    UnwindTools(int machine) {
        this.machine = machine;
    }

    /** A row as a tool prints it; {@code rules} by register number. */
    record Row(long address, String cfa, Map<Integer, String> rules) {

        String text() {
            return RowText.of(cfa, rules);
        }
    }

    /** A frame description entry as a tool prints it. */
    record Entry(long start, long end, List<Row> rows) {

        @Nullable
        Row at(long address) {
            Row found = null;
            for (Row row : rows) {
                if (Long.compareUnsigned(row.address(), address) <= 0) {
                    found = row; // of several at one address the last
                }
            }
            return found;
        }
    }

    /** Entries that readelf prints for {@code .eh_frame} and {@code .debug_frame}, in its order. */
    List<Entry> readelf(Path file) throws IOException {
        var entries = new ArrayList<Entry>();
        var initial = new HashMap<Long, Row>();
        var state = new Object() {
            List<String> columns = List.of();
            int returnAddress;
            long commonAt;

            @Nullable
            Entry entry;

            final Map<Long, Integer> returnAddresses = new HashMap<>();
        };
        lines(List.of("readelf", "-wF", file.toString()), line -> {
            if (line.startsWith("Contents of the ")) {
                initial.clear();
                return;
            }
            Matcher head = READELF_ENTRY.matcher(line);
            if (head.matches()) {
                state.columns = List.of();
                if (head.group(1) != null) {
                    state.commonAt = Long.parseLong(line.substring(0, line.indexOf(' ')), 16);
                    state.returnAddress = Integer.parseInt(head.group(2));
                    state.returnAddresses.put(state.commonAt, state.returnAddress);
                    state.entry = null;
                } else {
                    long common = Long.parseLong(head.group(3), 16);
                    state.returnAddress = state.returnAddresses.getOrDefault(common, -1);
                    var entry = new Entry(hex(head.group(4)), hex(head.group(5)), new ArrayList<>());
                    Row first = initial.get(common);
                    if (first != null) {
                        // printed again only where instructions follow
                        entry.rows().add(new Row(entry.start(), first.cfa(), first.rules()));
                    }
                    entries.add(entry);
                    state.entry = entry;
                }
                return;
            }
            // a rule "in that register" is printed as "r8 (s0)"
            String[] words = line.strip().replaceAll(" \\(\\w+\\)", "").split("\\s+");
            if (line.endsWith("ZERO terminator")) {
                state.columns = List.of();
            } else if (words[0].equals("LOC")) {
                state.columns = List.of(words);
            } else if (!state.columns.isEmpty() && words.length == state.columns.size()) {
                var row = readelfRow(words, state.columns, state.returnAddress);
                if (state.entry == null) {
                    initial.put(state.commonAt, row);
                } else {
                    state.entry.rows().add(row);
                }
            }
        });
        return entries;
    }

    private Row readelfRow(String[] words, List<String> columns, int returnAddress) {
        var rules = new TreeMap<Integer, String>();
        for (int i = 2; i < words.length; i++) {
            int register = columns.get(i).equals("ra") ? returnAddress : number(columns.get(i));
            String rule = words[i];
            rules.put(register, rule.matches("[cv][-+].*|u|s|exp|vexp|r\\d+") ? rule : "r" + number(rule));
        }
        return new Row(hex(words[0]), words[1].equals("exp") ? "exp" : registerOffset(words[1]), rules);
    }

    /** Entries that llvm-dwarfdump prints for both sections. */
    List<Entry> llvm(Path file) throws IOException {
        var entries = new ArrayList<Entry>();
        String tool = System.getProperty("llvm-dwarfdump", "llvm-dwarfdump");
        lines(List.of(tool, "--eh-frame", file.toString()), line -> {
            Matcher head = LLVM_ENTRY.matcher(line);
            if (head.matches()) {
                entries.add(new Entry(hex(head.group(1)), hex(head.group(2)), new ArrayList<>()));
                return;
            }
            Matcher row = LLVM_ROW.matcher(line);
            if (row.matches() && !entries.isEmpty()) {
                entries.getLast().rows().add(llvmRow(hex(row.group(1)), row.group(2)));
            }
        });
        return entries;
    }

    private Row llvmRow(long address, String text) {
        int colon = text.indexOf(": ");
        String cfa = colon < 0 ? text : text.substring(0, colon);
        var rules = new TreeMap<Integer, String>();
        if (colon >= 0) {
            for (String rule : text.substring(colon + 2).split(", (?=[A-Za-z_0-9]+=)", -1)) {
                String value = rule.substring(rule.indexOf('=') + 1);
                rules.put(number(rule.substring(0, rule.indexOf('='))), llvmRule(value));
            }
        }
        rules.remove(34, "0"); // RA_SIGN_STATE as it is without a rule
        return new Row(address, cfa.contains("DW_OP_") ? "(" + operations(cfa) + ")" : registerOffset(cfa), rules);
    }

    private String llvmRule(String value) {
        if (value.equals("undefined")) {
            return "u";
        }
        if (value.equals("same")) {
            return "s";
        }
        if (value.contains("DW_OP_")) {
            String inner = value.startsWith("[") ? value.substring(1, value.length() - 1) : value;
            return value.startsWith("[") ? "[" + operations(inner) + "]" : "(" + operations(inner) + ")";
        }
        if (value.startsWith("[CFA")) {
            String offset = value.substring(4, value.length() - 1);
            return "c" + (offset.isEmpty() ? "+0" : offset);
        }
        if (value.startsWith("CFA")) {
            String offset = value.substring(3);
            return "v" + (offset.isEmpty() ? "+0" : offset);
        }
        return value.matches("\\d+") ? value : "r" + number(value);
    }

    private static String operations(String text) {
        var names = new ArrayList<String>();
        for (String operation : text.split(", ", -1)) {
            String[] words = operation.replace("DW_OP_", "").split(" ", -1);
            if (words[0].matches("breg\\d+")) {
                // the register's name and the offset, or the offset alone
                String last = words[words.length - 1];
                names.add(words[0] + last.substring(Math.max(last.lastIndexOf('+'), last.lastIndexOf('-'))));
            } else if (words.length > 1) {
                names.add(words[0] + "_"
                        + (words[1].startsWith("0x")
                                ? Long.toString(Long.decode(words[1]))
                                : words[1].replaceFirst("^\\+", "")));
            } else {
                names.add(words[0]);
            }
        }
        return String.join(",", names);
    }

    private String registerOffset(String text) {
        Matcher parts = REGISTER_OFFSET.matcher(text);
        if (!parts.matches()) {
            return text;
        }
        return "r" + number(parts.group(1)) + (parts.group(2) == null ? "+0" : parts.group(2));
    }

    /** The DWARF number of a register that a tool has a name for. */
    private int number(String printed) {
        String name = printed.toLowerCase(Locale.ROOT);
        int digits = name.replaceFirst("_.*", "").replaceFirst("^[a-z]+", "").matches("\\d+")
                ? Integer.parseInt(name.replaceFirst("_.*", "").replaceFirst("^[a-z]+", ""))
                : -1;
        return switch (machine) {
            case 62 -> X86_64.contains(name) ? X86_64.indexOf(name) : digits;
            case 3 -> X86.contains(name) ? X86.indexOf(name) : digits;
            case 40 -> arm(name, digits);
            case 183 -> aarch64(name, digits);
            case 243 -> riscv(name, digits);
            case 20, 21 -> powerpc(name, digits);
            case 8 -> MIPS.contains(name.replace("_64", "")) ? MIPS.indexOf(name.replace("_64", "")) : digits;
            default -> digits;
        };
    }

    private static int arm(String name, int digits) {
        return switch (name) {
            case "sp" -> 13;
            case "lr" -> 14;
            case "pc" -> 15;
            default -> name.startsWith("d") ? 256 + digits : digits;
        };
    }

    private static int aarch64(String name, int digits) {
        return switch (name.charAt(0)) {
            case 'b', 'h', 'd', 'q', 'v' -> 64 + digits;
            default -> name.equals("sp") || name.equals("wsp") ? 31 : digits;
        };
    }

    private static int riscv(String name, int digits) {
        if (RISCV.contains(name)) {
            return RISCV.indexOf(name);
        }
        if (RISCV_FLOAT.contains(name)) {
            return 32 + RISCV_FLOAT.indexOf(name);
        }
        return name.startsWith("f") ? 32 + digits : digits;
    }

    private static int powerpc(String name, int digits) {
        if (name.equals("lr") || name.equals("lr8")) {
            return 65;
        }
        if (name.startsWith("cr")) {
            return 68 + digits;
        }
        return name.startsWith("f") ? 32 + digits : name.startsWith("v") ? 77 + digits : digits;
    }

    private static long hex(String digits) {
        return Long.parseUnsignedLong(digits, 16);
    }

    private static void lines(List<String> command, Consumer<String> each) throws IOException {
        var process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader reader = process.inputReader()) {
            reader.lines().forEach(each);
        } finally {
            process.destroy();
        }
    }
}
