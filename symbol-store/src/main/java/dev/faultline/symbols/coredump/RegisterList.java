package dev.faultline.symbols.coredump;

import dev.faultline.symbols.arch.Architecture;
import dev.faultline.symbols.arch.Registers;
import dev.faultline.symbols.bytes.ByteReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * Registers in the order in which a format writes them, all of one width.
 *
 * @param wordBytes 4 or 8
 * @param names as the architecture calls them; others are registers that it has no place for
 */
record RegisterList(int wordBytes, List<String> names) {
    private static final Pattern RUN = Pattern.compile("([a-z]+)([0-9]+)-[a-z]+([0-9]+)");

    /** Names apart by blanks; {@code a0-a15} stands for sixteen of them. */
    static RegisterList of(int wordBytes, String names) {
        var list = new ArrayList<String>();
        for (var name : names.strip().split("\\s+", -1)) {
            var run = RUN.matcher(name);
            if (run.matches()) {
                int last = Integer.parseInt(run.group(3));
                for (int i = Integer.parseInt(run.group(2)); i <= last; i++) {
                    list.add(run.group(1) + i);
                }
            } else {
                list.add(name);
            }
        }
        return new RegisterList(wordBytes, List.copyOf(list));
    }

    int bytes() {
        return wordBytes * names.size();
    }

    /** The values that are there: of a block that is too short the last registers are absent. */
    Map<String, Long> read(ByteReader in) {
        var words = new LinkedHashMap<String, Long>();
        for (var name : names) {
            if (in.remaining() < wordBytes) {
                break;
            }
            words.put(name, in.unsigned(wordBytes));
        }
        return words;
    }

    /** Those that the architecture has, by their names. */
    static Registers registers(Architecture architecture, Map<String, Long> words) {
        var registers = Registers.none(architecture);
        for (var word : words.entrySet()) {
            int number = architecture.registerNames().indexOf(word.getKey());
            registers = number < 0 ? registers : registers.with(number, word.getValue());
        }
        return registers;
    }

    static OptionalLong value(Map<String, Long> words, String name) {
        var word = words.get(name);
        return word == null ? OptionalLong.empty() : OptionalLong.of(word);
    }
}
