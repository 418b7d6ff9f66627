package dev.faultline.differential;

import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.index.SourceFrame;
import dev.faultline.symbols.index.SymbolIndex;
import dev.faultline.symbols.store.FileCompanions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One file: every address judged, and what we say to it. */
final class Comparison {
    private final String file;
    private int addresses;
    private int agreed;
    private int ruled;
    private int right;
    private int columns;
    private int otherColumns;
    private final Map<Peer, Integer> wrong = new EnumMap<>(Peer.class);
    private final Map<Cause, Example> causes = new LinkedHashMap<>();
    private final List<Case> mistakes = new ArrayList<>();
    private final List<Case> undecided = new ArrayList<>();

    /** Who is wrong, and why. */
    record Cause(Pitfall pitfall, Peer peer) {}

    /** How often that is so, and the first of it. */
    record Example(int count, long address, Answer given, Answer truth) {}

    /** An address at which something is to be explained. */
    record Case(long address, Answer ours, Truth truth, Map<Peer, Answer> peers) {}

    private Comparison(String file) {
        this.file = file;
    }

    static Comparison of(String file, Judge judge, Map<Long, Map<Peer, Answer>> peers, Map<Long, Answer> ours) {
        var comparison = new Comparison(file);
        peers.forEach((address, given) -> {
            Answer answer = ours.getOrDefault(address, Answer.NOTHING);
            comparison.add(address, given, judge.judge(address, given, answer), answer);
        });
        return comparison;
    }

    /** What the engine says to these addresses, out of a file and those that it finds around it. */
    static Map<Long, Answer> ours(Path file, Path indexFile, Iterable<Long> addresses) {
        try (var files = FileCompanions.open(file, FileCompanions.DEFAULT_ROOTS, Limits.DEFAULT)) {
            SymbolIndex.build(files.elf(), files, indexFile, Limits.DEFAULT);
        }
        try (var index = SymbolIndex.open(indexFile)) {
            return ours(index, addresses);
        }
    }

    private static Map<Long, Answer> ours(SymbolIndex index, Iterable<Long> addresses) {
        var answers = new TreeMap<Long, Answer>(Long::compareUnsigned);
        for (long address : addresses) {
            long looked = index.machine() == Image.EM_ARM ? address & ~1L : address;
            answers.put(address, answer(index.lookup(looked)));
        }
        return answers;
    }

    static Answer answer(List<SourceFrame> frames) {
        return new Answer(frames.stream()
                .map(frame -> {
                    String linkageName = frame.linkageName();
                    return new Level(
                            linkageName == null ? frame.function() : linkageName,
                            frame.file(),
                            frame.line(),
                            frame.column());
                })
                .toList());
    }

    private void add(long address, Map<Peer, Answer> given, Truth truth, Answer ours) {
        addresses++;
        var here = new Case(address, ours, truth, given);
        if (!truth.decided()) {
            undecided.add(here);
            return;
        }
        if (truth.agreeing() >= 2) {
            agreed++;
        } else {
            ruled++;
        }
        truth.wrong().forEach((peer, pitfall) -> {
            wrong.merge(peer, 1, Integer::sum);
            causes.merge(
                    new Cause(pitfall, peer),
                    new Example(1, address, given.getOrDefault(peer, Answer.NOTHING), truth.answer()),
                    (first, next) -> new Example(first.count() + 1, first.address(), first.given(), first.truth()));
        });
        if (!Judge.isRight(ours, truth)) {
            mistakes.add(here);
            return;
        }
        right++;
        Answer llvm = given.get(Peer.LLVM);
        if (llvm != null && !ours.isNothing() && Judge.isRight(llvm, truth)) {
            columns++;
            if (llvm.innermost().column() != ours.innermost().column()) {
                otherColumns++;
            }
        }
    }

    String file() {
        return file;
    }

    int addresses() {
        return addresses;
    }

    /** Addresses at which two peers or more say what is true. */
    int agreed() {
        return agreed;
    }

    /** Addresses at which a rule decided against most peers. */
    int ruled() {
        return ruled;
    }

    /** Addresses at which we say the truth. */
    int right() {
        return right;
    }

    /** Addresses whose column llvm tells, where it is right otherwise. */
    int columns() {
        return columns;
    }

    /** How many of them have another column from us. */
    int otherColumns() {
        return otherColumns;
    }

    int wrong(Peer peer) {
        return wrong.getOrDefault(peer, 0);
    }

    Map<Cause, Example> causes() {
        return causes;
    }

    List<Case> mistakes() {
        return mistakes;
    }

    List<Case> undecided() {
        return undecided;
    }
}
