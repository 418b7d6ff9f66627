package dev.faultline.symbolfile;

import dev.faultline.symbolfile.SymbolFiles.Stored;
import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.index.BuildTimeException;
import dev.faultline.symbols.index.IndexSummary;
import dev.faultline.symbols.index.Quality;
import dev.faultline.symbols.store.IndexFiles;
import dev.faultline.symbols.store.SymbolStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Builds the index of each way to put the files of a build together, and keeps the best one. */
final class IndexChoice {
    /** Line coverage that a further file may cost and still be taken in: what it adds is more exact. */
    private static final double TOLERANCE = 0.01;

    private static final Comparator<Grade> BETTER = Comparator.comparing(Grade::usable)
            .thenComparing(Grade::lineCoverage)
            .thenComparing(Grade::functionsWithoutDebugInfo, Comparator.reverseOrder())
            .thenComparing(Grade::unwindCoverage)
            .thenComparing(Grade::inlinedCalls);

    private final SymbolStore store;
    private final @Nullable Current current;
    private final List<Refusal> refusals = new ArrayList<>();
    private final List<String> built = new ArrayList<>();
    private @Nullable Candidate best;

    IndexChoice(SymbolStore store, @Nullable Current current) {
        this.store = store;
        this.current = current;
    }

    /** The index that the catalogue has. */
    record Current(IndexFiles files, String state, Quality quality) {
        Set<String> sha256s() {
            var all = new HashSet<String>();
            files.parts().forEach(part -> all.add(part.sha256()));
            return all;
        }

        private Grade grade() {
            return Grade.of(state.equals(IndexSummary.State.USABLE.label()), quality);
        }
    }

    /** Files that one index is made of, with what it is good for. */
    record Candidate(List<Stored> main, IndexFiles files, IndexSummary summary) {
        private Grade grade() {
            return Grade.of(summary.state() == IndexSummary.State.USABLE, Quality.of(summary));
        }
    }

    /** A file that an index can not be made of, with the reason. */
    record Refusal(Stored file, String reason) {}

    private record Grade(
            boolean usable,
            double lineCoverage,
            int functionsWithoutDebugInfo,
            double unwindCoverage,
            int inlinedCalls) {

        static Grade of(boolean usable, Quality quality) {
            return new Grade(
                    usable,
                    quality.lineCoverage(),
                    quality.functionsWithoutDebugInfo(),
                    quality.unwindCoverage(),
                    quality.inlinedCalls());
        }

        /** Whether taking more files in made it worse. */
        boolean isSpoiled(Grade before) {
            return (!usable && before.usable)
                    || lineCoverage < before.lineCoverage - TOLERANCE
                    || functionsWithoutDebugInfo > before.functionsWithoutDebugInfo;
        }
    }

    /** Tries one way: main files with all that they want and that is here. */
    void offer(List<Stored> main, List<Stored> companions) throws IOException {
        var candidate = candidate(main, companions);
        if (candidate.isPresent()
                && (best == null || BETTER.compare(candidate.get().grade(), best.grade()) > 0)) {
            best = candidate.get();
        }
    }

    /** The one to take; empty: that which the catalogue has stays. */
    Optional<Candidate> best() {
        if (best == null || current == null) {
            return Optional.ofNullable(best);
        }
        var parts = new HashSet<String>();
        best.files().parts().forEach(part -> parts.add(part.sha256()));
        boolean same = parts.equals(current.sha256s());
        boolean more = parts.containsAll(current.sha256s()) && !best.grade().isSpoiled(current.grade());
        return same || more || BETTER.compare(best.grade(), current.grade()) > 0 ? Optional.of(best) : Optional.empty();
    }

    List<Refusal> refusals() {
        return List.copyOf(refusals);
    }

    /** The keys of all indexes that were built. */
    List<String> built() {
        return List.copyOf(built);
    }

    private Optional<Candidate> candidate(List<Stored> main, List<Stored> companions) throws IOException {
        try {
            return Optional.of(build(main, companions));
        } catch (BuildTimeException slow) {
            throw slow;
        } catch (FormatException e) {
            var trusted = companions.stream().filter(this::isInUse).toList();
            if (trusted.size() == companions.size()) {
                refuseMain(main, e);
                return Optional.empty();
            }
            try {
                build(main, trusted);
            } catch (FormatException mainIsBroken) {
                refuseMain(main, mainIsBroken);
                return Optional.empty();
            }
            var suspects = companions.stream().filter(file -> !isInUse(file)).toList();
            return Optional.of(build(main, usable(main, trusted, suspects)));
        }
    }

    /** Those of the suspects with which an index can be built; the others are refused. */
    private List<Stored> usable(List<Stored> main, List<Stored> trusted, List<Stored> suspects) throws IOException {
        var all = Stream.concat(trusted.stream(), suspects.stream()).toList();
        try {
            build(main, all);
            return all;
        } catch (BuildTimeException slow) {
            throw slow;
        } catch (FormatException e) {
            if (suspects.size() == 1) {
                refusals.add(new Refusal(suspects.getFirst(), String.valueOf(e.getMessage())));
                return trusted;
            }
            int half = suspects.size() / 2;
            var first = usable(main, trusted, suspects.subList(0, half));
            return usable(main, first, suspects.subList(half, suspects.size()));
        }
    }

    /** Of two that do not fit it is the one that came later. */
    private void refuseMain(List<Stored> main, FormatException because) {
        main.stream()
                .filter(file -> !isInUse(file))
                .max(Comparator.comparing(Stored::id))
                .ifPresent(file -> refusals.add(new Refusal(file, String.valueOf(because.getMessage()))));
    }

    private boolean isInUse(Stored file) {
        return current != null && current.sha256s().contains(file.sha256());
    }

    private Candidate build(List<Stored> main, List<Stored> companions) throws IOException {
        var files = new IndexFiles(Stream.concat(main.stream(), companions.stream())
                .map(file -> new IndexFiles.Part(Objects.requireNonNull(file.role()), file.sha256()))
                .toList());
        built.add(files.key());
        return new Candidate(main, files, store.add(files));
    }
}
