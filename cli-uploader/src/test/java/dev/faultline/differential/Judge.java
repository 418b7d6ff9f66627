package dev.faultline.differential;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Decides what an address means, from the answers of the peers and from what they can not argue with. */
final class Judge {
    private final Image image;
    private final @Nullable Twin twin;

    Judge(Image image, @Nullable Twin twin) {
        this.image = image;
        this.twin = twin;
    }

    /**
     * What an address means to somebody who names its function so: where the linker folded several into one, each of their
     * names is right, with the lines of that one.
     */
    Truth judge(long address, Map<Peer, Answer> given, Answer ours) {
        Truth truth = judge(address, given);
        if (twin == null || isRight(ours, truth) || !ours.namesFunction()) {
            return truth;
        }
        List<Image.Function> named = image.functionsAround(address).stream()
                .filter(function -> Names.sameFunction(ours.outermost().function(), function.name()))
                .toList();
        Truth there = named.isEmpty() ? null : twin.truth(address, named);
        return there != null && isRight(ours, there) ? elsewhere(there, given) : truth;
    }

    Truth judge(long address, Map<Peer, Answer> given) {
        var wrong = new EnumMap<Peer, Pitfall>(Peer.class);
        if (!image.isCode(address)) {
            return nothing(given, Pitfall.NO_CODE);
        }
        List<Image.Function> around = image.functionsAround(address);
        List<String> names = List.copyOf(Image.names(around));
        if (around.isEmpty() && image.isData(address)) {
            return nothing(given, Pitfall.DATA);
        }
        if (around.isEmpty()
                && image.hasFunctions()
                && (image.hasLocalFunctions()
                        ? !severalNameOverridden(address, given)
                        : !severalNameAnother(address, given))) {
            return nothing(given, Pitfall.GAP);
        }
        if (twin != null && (!around.isEmpty() || !image.hasFunctions())) {
            Truth there = twin.truth(address, around);
            if (there != null) {
                return elsewhere(there, given);
            }
        }
        var answers = new EnumMap<Peer, Answer>(Peer.class);
        for (var entry : given.entrySet()) {
            Answer answer = withoutSymbolFiles(entry.getValue());
            if (!answer.equals(entry.getValue())) {
                wrong.put(entry.getKey(), Pitfall.SYMBOL_FILE);
            }
            if (!names.isEmpty() && !answer.namesFunction()) {
                wrong.put(entry.getKey(), Pitfall.NO_FUNCTION);
            } else if (!names.isEmpty() && !isNamed(answer.outermost().function(), names)) {
                wrong.put(entry.getKey(), Pitfall.OTHER_FUNCTION);
            } else {
                answers.put(entry.getKey(), answer.namesFunction() ? answer : Answer.NOTHING);
            }
        }
        putRepeatedNamesAside(answers, wrong, names);
        return agreement(answers, wrong, names);
    }

    /** A function may well be inlined into itself, where two tools say so. */
    private static void putRepeatedNamesAside(Map<Peer, Answer> answers, Map<Peer, Pitfall> wrong, List<String> names) {
        long fewest =
                answers.values().stream().mapToLong(Judge::repeatedNames).min().orElse(0);
        var all = List.copyOf(answers.values());
        answers.entrySet().removeIf(entry -> {
            boolean alone = all.stream()
                            .filter(other -> same(other, entry.getValue(), names))
                            .count()
                    < 2;
            boolean wrongly = alone && repeatedNames(entry.getValue()) > fewest;
            if (wrongly) {
                wrong.put(entry.getKey(), Pitfall.REPEATED_NAME);
            }
            return wrongly;
        });
    }

    /** How many levels have the name of the level around them. */
    private static long repeatedNames(Answer answer) {
        var levels = answer.levels();
        return IntStream.range(1, levels.size())
                .filter(i -> {
                    String function = levels.get(i).function();
                    return function != null
                            && Names.sameFunction(levels.get(i - 1).function(), function);
                })
                .count();
    }

    /** Whether an answer is the truth, by any name of the function. */
    static boolean isRight(Answer answer, Truth truth) {
        return same(answer, truth.answer(), truth.functions());
    }

    private static Truth nothing(Map<Peer, Answer> given, Pitfall pitfall) {
        var wrong = new EnumMap<Peer, Pitfall>(Peer.class);
        given.forEach((peer, answer) -> {
            if (answer.namesFunction() || !answer.isNothing()) {
                wrong.put(peer, pitfall);
            }
        });
        return new Truth(true, Answer.NOTHING, given.size() - wrong.size(), wrong, List.of());
    }

    private static Truth elsewhere(Truth there, Map<Peer, Answer> given) {
        var wrong = new EnumMap<Peer, Pitfall>(Peer.class);
        given.forEach((peer, answer) -> {
            if (!isRight(answer, there)) {
                wrong.put(peer, Pitfall.OTHER_FILE);
            }
        });
        return new Truth(there.decided(), there.answer(), given.size() - wrong.size(), wrong, there.functions());
    }

    /** Where symbols were taken away a function may have none: two say so, and it is not just the one before. */
    private boolean severalNameAnother(long address, Map<Peer, Answer> given) {
        Image.Function before = image.functionBefore(address);
        long count = given.values().stream()
                .filter(answer -> answer.namesFunction()
                        && (before == null
                                || !Names.sameFunction(answer.outermost().function(), before.name())))
                .count();
        return count >= 2;
    }

    /**
     * A weak function that another one overrides keeps its code and loses its symbol: the table has the name, elsewhere, and
     * two say it here.
     */
    private boolean severalNameOverridden(long address, Map<Peer, Answer> given) {
        return given.values().stream()
                        .filter(Answer::namesFunction)
                        .map(answer -> answer.outermost().function())
                        .filter(name -> name != null && isElsewhere(name, address))
                        .count()
                >= 2;
    }

    private boolean isElsewhere(String name, long address) {
        Image.Function function = image.function(name);
        Image.Function before = image.functionBefore(address);
        return function != null && (before == null || function.start() != before.start());
    }

    private Answer withoutSymbolFiles(Answer answer) {
        if (answer.isNothing() || answer.outermost().line() != 0) {
            return answer;
        }
        String file = answer.outermost().file();
        if (file == null || answer.levels().size() > 1 || !image.sourceFiles().contains(file)) {
            return answer;
        }
        return new Answer(List.of(answer.outermost().withoutFile()));
    }

    /** The answer that says most, where the others only leave something out; else what most say. */
    private static Truth agreement(Map<Peer, Answer> answers, Map<Peer, Pitfall> wrong, List<String> names) {
        Answer most = null;
        for (Answer answer : answers.values()) {
            if (most == null || (!same(answer, most, names) && isPart(most, answer, names))) {
                most = answer;
            }
        }
        if (most == null) {
            return new Truth(false, Answer.NOTHING, 0, wrong, names);
        }
        Answer longest = most;
        boolean onlyParts = answers.values().stream().allMatch(answer -> isPart(answer, longest, names));
        Answer agreed = ofMost(answers, names);
        Answer truth = onlyParts && agreed == null ? longest : agreed;
        if (truth == null) {
            return new Truth(false, Answer.NOTHING, 0, wrong, names);
        }
        int agreeing = 0;
        for (var entry : answers.entrySet()) {
            if (same(entry.getValue(), truth, names)) {
                agreeing++;
            } else {
                boolean less = isPart(entry.getValue(), truth, names);
                wrong.put(entry.getKey(), less ? Pitfall.LESS_TOLD : Pitfall.OUTVOTED);
            }
        }
        return new Truth(true, truth, agreeing, wrong, names);
    }

    private static @Nullable Answer ofMost(Map<Peer, Answer> answers, List<String> names) {
        for (Answer answer : answers.values()) {
            long count = answers.values().stream()
                    .filter(other -> same(other, answer, names))
                    .count();
            if (count >= 2) {
                return answer;
            }
        }
        return null;
    }

    private static boolean same(Answer first, Answer second, List<String> names) {
        if (first.levels().size() != second.levels().size()) {
            return false;
        }
        for (int i = 0; i < first.levels().size(); i++) {
            Level a = first.levels().get(i);
            Level b = second.levels().get(i);
            boolean outermost = i == first.levels().size() - 1;
            boolean function = outermost ? sameOutermost(a, b, names) : Names.sameFunction(a.function(), b.function());
            if (!function || a.line() != b.line() || !Names.sameFile(a.file(), b.file())) {
                return false;
            }
        }
        return true;
    }

    private static boolean sameOutermost(Level a, Level b, List<String> names) {
        return Names.sameFunction(a.function(), b.function())
                || (isNamed(a.function(), names) && isNamed(b.function(), names));
    }

    private static boolean isNamed(@Nullable String function, List<String> names) {
        return names.stream().anyMatch(name -> Names.sameFunction(name, function));
    }

    /** Whether an answer says nothing that the other one does not say as well. */
    private static boolean isPart(Answer part, Answer whole, List<String> names) {
        if (part.isNothing() || whole.isNothing()) {
            return part.isNothing() && whole.isNothing();
        }
        if (!sameOutermost(part.outermost(), whole.outermost(), names)
                || !isPart(part.innermost(), whole.innermost())) {
            return false;
        }
        if (part.levels().size() == whole.levels().size()) {
            return isPartLevelByLevel(part, whole);
        }
        int next = 0;
        for (int i = 0; i < part.levels().size(); i++) {
            Level level = part.levels().get(i);
            boolean outermost = i == part.levels().size() - 1;
            int at = outermost ? whole.levels().size() - 1 : find(level, whole, next);
            boolean elsewhere = whole.levels().stream().noneMatch(other -> isPart(level, other));
            if (at < next || elsewhere) {
                return false;
            }
            next = at + 1;
        }
        return true;
    }

    private static boolean isPartLevelByLevel(Answer part, Answer whole) {
        for (int i = 0; i < part.levels().size(); i++) {
            Level level = part.levels().get(i);
            Level other = whole.levels().get(i);
            boolean inlined = i < part.levels().size() - 1;
            boolean function =
                    !inlined || level.function() == null || Names.sameFunction(level.function(), other.function());
            if (!function || !isPart(level, other)) {
                return false;
            }
        }
        return true;
    }

    private static int find(Level level, Answer answer, int from) {
        for (int i = from; i < answer.levels().size() - 1; i++) {
            if (Names.sameFunction(level.function(), answer.levels().get(i).function())) {
                return i;
            }
        }
        return -1;
    }

    /** Whether a place is the other one, or less exact. */
    private static boolean isPart(Level part, Level whole) {
        return part.line() == 0
                ? part.file() == null || Names.sameFile(part.file(), whole.file())
                : part.line() == whole.line() && Names.sameFile(part.file(), whole.file());
    }
}
