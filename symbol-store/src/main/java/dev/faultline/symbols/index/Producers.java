package dev.faultline.symbols.index;

import dev.faultline.symbols.dwarf.Unit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the units say about the compilers that made them. */
final class Producers {
    private static final int MOST_CHARACTERS = 500;

    /** More different ones are not told apart: a hostile file could have one for each unit. */
    private static final int MOST_COUNTED = 1_000;

    private Producers() {}

    /** The most frequent first, of equals in the order of their letters. */
    static List<String> of(List<Unit> units) {
        var counts = new HashMap<String, Integer>();
        for (Unit unit : units) {
            String producer = unit.producer();
            String text = producer.substring(0, Math.min(producer.length(), MOST_CHARACTERS));
            if (!text.isEmpty() && (counts.size() < MOST_COUNTED || counts.containsKey(text))) {
                counts.merge(text, 1, Integer::sum);
            }
        }
        return counts.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue()
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey()))
                .map(Map.Entry::getKey)
                .limit(IndexSummary.MOST_PRODUCERS)
                .toList();
    }

    /** GCC writes the option down and names the unit that it made of several; Clang tells only by the latter. */
    static boolean optimizedWhenLinking(List<Unit> units, List<String> producers) {
        return producers.stream().anyMatch(producer -> producer.contains("-flto") || producer.startsWith("GNU GIMPLE"))
                || units.stream()
                        .anyMatch(unit -> unit.name().equals("<artificial>")
                                || unit.name().equals("ld-temp.o"));
    }
}
