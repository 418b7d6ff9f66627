package dev.faultline.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.access.Actor;
import dev.faultline.access.Project;
import dev.faultline.cluster.GroupingHarness;
import dev.faultline.fleet.Containment.Answer;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** What holds of containment in any graph of releases, on a real PostgreSQL, beside a walk over the graph in memory. */
class ContainmentPropertiesTest {
    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00Z");
    private static final Actor ANN = new Actor("ann", null, NOW);
    private static final int TRIES = 40;

    @SuppressWarnings("NullAway.Init") // before the first property
    private static GroupingHarness parts;

    @SuppressWarnings("NullAway.Init") // before the first property
    private static Releases releases;

    @BeforeContainer
    static void start() throws Exception {
        parts = new GroupingHarness(Path.of("../target/release-test/pg"));
        releases = new Releases(parts.transactions);
    }

    @AfterContainer
    static void stop() {
        parts.close();
    }

    /** A release by chance: numbers that choose its parents among those before it, its branch, and what CI leaves out. */
    record Chance(int parents, int first, int second, int branch, boolean forgotten) {}

    @Provide
    Arbitrary<List<Chance>> graph() {
        Arbitrary<Integer> any = Arbitraries.integers().between(0, 100);
        return Combinators.combine(
                        Arbitraries.integers().between(0, 2),
                        any,
                        any,
                        Arbitraries.integers().between(0, 1),
                        Arbitraries.of(true, false))
                .as(Chance::new)
                .list()
                .ofMinSize(2)
                .ofMaxSize(8);
    }

    /** Releases 0 to n-1, each made from some of those before it. */
    private record Graph(List<Set<Integer>> parents) {

        static Graph of(List<Chance> chances) {
            List<Set<Integer>> parents = new ArrayList<>();
            for (int i = 0; i < chances.size(); i++) {
                Chance chance = chances.get(i);
                Set<Integer> of = new TreeSet<>();
                if (i > 0 && chance.parents() > 0) {
                    of.add(chance.first() % i);
                }
                if (i > 0 && chance.parents() > 1) {
                    of.add(chance.second() % i);
                }
                parents.add(of);
            }
            return new Graph(parents);
        }

        /** Two branches, on each of which a release is made from the one before; some merge one of the other branch. */
        static Graph ofBranches(List<Chance> chances) {
            List<Set<Integer>> parents = new ArrayList<>();
            Map<Integer, Integer> last = new HashMap<>();
            for (int i = 0; i < chances.size(); i++) {
                Chance chance = chances.get(i);
                Set<Integer> of = new TreeSet<>();
                Integer before = last.put(chance.branch(), i);
                if (before != null) {
                    of.add(before);
                }
                if (i > 0 && chance.parents() > 0) {
                    of.add(chance.first() % i);
                }
                parents.add(of);
            }
            return new Graph(parents);
        }

        int size() {
            return parents.size();
        }

        /** What a release has: itself and all that it was made from. */
        Set<Integer> in(int release) {
            Set<Integer> in = new HashSet<>(Set.of(release));
            parents.get(release).forEach(parent -> in.addAll(in(parent)));
            return in;
        }
    }

    private static String version(int release) {
        return "1." + release + ".0";
    }

    private static String commit(int release) {
        return "%040x".formatted(release + 1);
    }

    private static String[] versions(Set<Integer> of) {
        return of.stream().map(ContainmentPropertiesTest::version).toArray(String[]::new);
    }

    private static void register(Project project, Registration registration) {
        releases.register(project.id(), registration, NOW);
    }

    private static Registration named(int release) {
        return Registration.of("main-fw", version(release), null, null);
    }

    private static Answer answer(Project project, int release, int other) {
        return releases.containment(project.id(), "main-fw", version(release), version(other))
                .answer();
    }

    /** The answers of all pairs, by release and the other one. */
    private static Map<List<Integer>, Answer> answers(Project project, int size) {
        Map<List<Integer>, Answer> answers = new HashMap<>();
        for (int release = 0; release < size; release++) {
            for (int other = 0; other < size; other++) {
                answers.put(List.of(release, other), answer(project, release, other));
            }
        }
        return answers;
    }

    @Property(tries = TRIES)
    void aReleaseContainsWhatItWasMadeFromAndNothingElse(@ForAll("graph") List<Chance> chances) throws SQLException {
        Graph graph = Graph.of(chances);
        Project project = parts.project();
        for (int i = 0; i < graph.size(); i++) {
            register(project, named(i).from(versions(graph.parents().get(i))));
        }
        var answers = answers(project, graph.size());
        answers.forEach((pair, answer) -> {
            boolean contains = graph.in(pair.getFirst()).contains(pair.getLast());
            assertThat(answer == Answer.YES).as("%s", pair).isEqualTo(contains);
            if (contains && !pair.getFirst().equals(pair.getLast())) {
                assertThat(answers.get(pair.reversed()))
                        .as("%s, the other way round", pair)
                        .isEqualTo(Answer.NO);
            }
        });
    }

    @Property(tries = TRIES)
    void theOrderInWhichReleasesAreRegisteredAndDeletedChangesNothingAndTakesNothingBack(
            @ForAll("graph") List<Chance> chances, @ForAll Random random) throws SQLException {
        Graph graph = Graph.of(chances);
        Project straight = parts.project();
        Project shuffled = parts.project();
        List<Integer> order =
                new ArrayList<>(IntStream.range(0, graph.size()).boxed().toList());
        order.forEach(
                i -> register(straight, named(i).from(versions(graph.parents().get(i)))));
        Collections.shuffle(order, random);
        Map<List<Integer>, Answer> before = Map.of();
        for (int i : order) {
            register(shuffled, named(i).from(versions(graph.parents().get(i))));
            if (random.nextBoolean()) {
                releases.delete(shuffled, "main-fw", version(i), ANN);
            }
            Map<List<Integer>, Answer> now = answers(shuffled, graph.size());
            before.forEach((pair, answer) -> assertThat(now.get(pair))
                    .as("%s after %s of %s", pair, i, order)
                    .isIn(answer == Answer.UNKNOWN ? List.of(Answer.values()) : List.of(answer)));
            before = now;
        }
        assertThat(before).isEqualTo(answers(straight, graph.size()));
    }

    @Property(tries = TRIES)
    void whateverCiLeavesOutNoAnswerIsWrongWhereVersionsFollowTheirBranch(@ForAll("graph") List<Chance> chances)
            throws SQLException {
        Graph graph = Graph.ofBranches(chances);
        Project project = parts.project();
        new SoftwareTypes(parts.transactions).declare(project, "main-fw", "semver", ANN);
        for (int i = 0; i < graph.size(); i++) {
            Chance chance = chances.get(i);
            var release = Registration.of("main-fw", version(i), "line-" + chance.branch(), null);
            register(
                    project,
                    chance.forgotten()
                            ? release
                            : release.from(versions(graph.parents().get(i))));
        }
        answers(project, graph.size()).forEach((pair, answer) -> {
            boolean contains = graph.in(pair.getFirst()).contains(pair.getLast());
            assertThat(answer).as("%s of %s", pair, graph).isNotEqualTo(contains ? Answer.NO : Answer.YES);
        });
    }

    @Property(tries = TRIES)
    void listedCommitsContainWhatTheyDoWithoutAnyParent(@ForAll("graph") List<Chance> chances) throws SQLException {
        Graph graph = Graph.of(chances);
        Project project = parts.project();
        for (int i = 0; i < graph.size(); i++) {
            String[] commits =
                    graph.in(i).stream().map(ContainmentPropertiesTest::commit).toArray(String[]::new);
            register(project, named(i).builtOf(commit(i)).with(commits));
        }
        answers(project, graph.size())
                .forEach((pair, answer) -> assertThat(answer == Answer.YES)
                        .as("%s", pair)
                        .isEqualTo(graph.in(pair.getFirst()).contains(pair.getLast())));
    }

    @Property(tries = TRIES)
    void aCherryPickedCommitIsInWhatDescendsFromItsReleaseAndBringsNoHistory(
            @ForAll("graph") List<Chance> chances, @ForAll Random random) throws SQLException {
        Graph graph = Graph.of(chances);
        Project project = parts.project();
        int picked = random.nextInt(graph.size());
        int into = random.nextInt(graph.size());
        for (int i = 0; i < graph.size(); i++) {
            var release = named(i).from(versions(graph.parents().get(i))).builtOf(commit(i));
            register(project, i == into ? release.with(commit(picked)) : release);
        }
        answers(project, graph.size()).forEach((pair, answer) -> {
            Set<Integer> in = graph.in(pair.getFirst());
            boolean contains = in.contains(pair.getLast()) || (pair.getLast() == picked && in.contains(into));
            assertThat(answer == Answer.YES).as("%s", pair).isEqualTo(contains);
        });
    }
}
