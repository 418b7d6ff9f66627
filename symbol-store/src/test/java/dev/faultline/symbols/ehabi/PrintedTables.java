package dev.faultline.symbols.ehabi;

import dev.faultline.symbols.dwarf.RowText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The exception tables that {@code readelf -u} and {@code llvm-readelf -u} print, each instruction as text: what they come
 * to, worked out from the text alone.
 */
final class PrintedTables {
    private static final Pattern READELF_ENTRY = Pattern.compile("0x([0-9a-f]+)(?: <.*>)?: (.*)");
    private static final Pattern READELF_INSTRUCTION = Pattern.compile("  (0x[0-9a-f]{2})(?: 0x[0-9a-f]{2})* +(.*)");
    private static final Pattern LLVM_ENTRY = Pattern.compile("FunctionAddress: 0x([0-9A-F]+)");
    private static final Pattern LLVM_INSTRUCTION = Pattern.compile("(0x[0-9A-F]{2})(?: 0x[0-9A-F]{2})* +; (.*)");
    private static final Pattern VSP = Pattern.compile("vsp = vsp ([-+]) (\\d+)");
    private static final List<String> NAMED = List.of("ip", "sp", "lr", "pc");

    private PrintedTables() {}

    /** An instruction: its first byte and its text. */
    private record Instruction(int code, String text) {}

    /** By address of the function: the row in {@link RowText}, or why there is none: {@code spare}, {@code not decoded}. */
    static Map<Long, String> readelf(List<String> lines) {
        var rows = new TreeMap<Long, String>();
        long address = -1;
        var instructions = new ArrayList<Instruction>();
        for (String line : lines) {
            Matcher entry = READELF_ENTRY.matcher(line);
            if (entry.matches()) {
                put(rows, address, instructions);
                address = Long.parseLong(entry.group(1), 16) & ~1L;
                if (entry.group(2).contains("[cantunwind]")) {
                    rows.put(address, "cfa=r13+0 r14=u");
                    address = -1;
                }
                continue;
            }
            Matcher instruction = READELF_INSTRUCTION.matcher(line);
            if (instruction.matches()) {
                instructions.add(new Instruction(Integer.decode(instruction.group(1)), instruction.group(2)));
            }
        }
        put(rows, address, instructions);
        return rows;
    }

    static Map<Long, String> llvm(List<String> lines) {
        var rows = new TreeMap<Long, String>();
        long address = -1;
        var instructions = new ArrayList<Instruction>();
        for (String indented : lines) {
            String line = indented.strip();
            Matcher entry = LLVM_ENTRY.matcher(line);
            if (entry.matches()) {
                put(rows, address, instructions);
                address = Long.parseLong(entry.group(1), 16) & ~1L;
            } else if (line.equals("Model: CantUnwind")) {
                rows.put(address, "cfa=r13+0 r14=u");
                address = -1;
            } else {
                Matcher instruction = LLVM_INSTRUCTION.matcher(line);
                if (instruction.matches()) {
                    instructions.add(new Instruction(Integer.decode(instruction.group(1)), instruction.group(2)));
                }
            }
        }
        put(rows, address, instructions);
        return rows;
    }

    private static void put(Map<Long, String> rows, long address, List<Instruction> instructions) {
        if (address >= 0) {
            rows.put(address, instructions.isEmpty() ? "not decoded" : row(instructions));
        }
        instructions.clear();
    }

    private static String row(List<Instruction> instructions) {
        int base = 13;
        long vsp = 0;
        var saved = new HashMap<Integer, Long>();
        for (var instruction : instructions) {
            String text = instruction.text().toLowerCase(Locale.ROOT);
            Matcher sum = VSP.matcher(text);
            if (text.startsWith("finish")) {
                break;
            }
            if (text.startsWith("refuse")) {
                return "cfa=r13+0 r14=u";
            }
            if (sum.matches()) {
                vsp += sum.group(1).equals("+") ? Long.parseLong(sum.group(2)) : -Long.parseLong(sum.group(2));
            } else if (text.startsWith("vsp = r")) {
                base = Integer.parseInt(text.substring(7));
                vsp = 0;
                if (!saved.isEmpty()) {
                    return "not decoded"; // in terms of what was popped
                }
            } else if (text.startsWith("pop ")) {
                for (int register : registers(text.substring(4))) {
                    saved.put(register, vsp);
                    vsp += register == 143 || register < 112 ? 4 : 8;
                }
                boolean fstmfdx = instruction.code() == 0xb3 || instruction.code() >>> 3 == 0xb8 >>> 3;
                vsp += fstmfdx ? 4 : 0;
                if (saved.containsKey(13)) {
                    return "not decoded"; // vsp is what was popped
                }
            } else {
                return "spare";
            }
        }
        long cfa = vsp;
        var rules = new TreeMap<Integer, String>();
        saved.forEach((register, place) -> rules.put(register, "c%+d".formatted(place - cfa)));
        return RowText.of("r%d%+d".formatted(base, cfa), rules);
    }

    private static List<Integer> registers(String text) {
        var registers = new ArrayList<Integer>();
        for (String name : text.replaceAll("[{}]", "").split(", ", -1)) {
            int dash = name.indexOf('-');
            int first = number(dash < 0 ? name : name.substring(0, dash));
            int last = dash < 0 ? first : number(name.substring(dash + 1));
            for (int register = first; register <= last; register++) {
                registers.add(register);
            }
        }
        return registers;
    }

    private static int number(String name) {
        if (name.equals("ra_auth_code")) {
            return 143;
        }
        if (name.equals("fp")) {
            return 11;
        }
        if (NAMED.contains(name)) {
            return 12 + NAMED.indexOf(name);
        }
        int digits = Integer.parseInt(name.replaceAll("\\D", ""));
        return switch (name.replaceAll("\\d", "")) {
            case "d" -> 256 + digits;
            case "wr" -> 112 + digits;
            case "wcgr" -> 104 + digits;
            default -> digits;
        };
    }

    /** What both say; null where they do not decode an entry or say different things. */
    static @Nullable String agreed(@Nullable String readelf, @Nullable String llvm) {
        if (readelf == null || readelf.equals("not decoded")) {
            return null;
        }
        return llvm == null || llvm.equals("not decoded") || llvm.equals(readelf) ? readelf : null;
    }
}
