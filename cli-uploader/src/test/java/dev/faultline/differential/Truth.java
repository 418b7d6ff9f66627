package dev.faultline.differential;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What an address means.
 *
 * @param decided whether something says so; else the peers contradict each other and nothing tells who is right
 * @param answer the truth, where decided
 * @param agreeing how many peers say it
 * @param wrong who does not, and why
 * @param functions the names of the function that are all right: it has several symbols
 */
record Truth(boolean decided, Answer answer, int agreeing, Map<Peer, Pitfall> wrong, List<String> functions) {
    Truth {
        wrong = wrong.isEmpty() ? Map.of() : new EnumMap<>(wrong);
        functions = List.copyOf(functions);
    }
}
