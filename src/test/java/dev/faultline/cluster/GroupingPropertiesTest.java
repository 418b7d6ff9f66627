package dev.faultline.cluster;

import static dev.faultline.fingerprint.Reports.stack;
import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.access.Actor;
import dev.faultline.access.Project;
import dev.faultline.fingerprint.FramePart;
import dev.faultline.fingerprint.ProjectRules;
import dev.faultline.http.Problem;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** What holds of grouping whatever comes, on a real PostgreSQL. */
class GroupingPropertiesTest {
    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00Z");
    private static final Actor ANN = new Actor("ann", null, NOW);
    private static final int TRIES = 25;

    private static final ProjectRules SKIP_INNERMOST =
            new ProjectRules(1, List.of(new ProjectRules.Rule("top", FramePart.SKIP, "f[01]", null, null, null, null)));
    private static final ProjectRules START_DEEPER = new ProjectRules(
            2, List.of(new ProjectRules.Rule("middle", FramePart.SENTINEL, "g0", null, null, null, null)));

    @SuppressWarnings("NullAway.Init") // before the first property
    private static GroupingHarness parts;

    @BeforeContainer
    static void start() throws Exception {
        parts = new GroupingHarness(Path.of("../target/grouping-test/pg"));
    }

    @AfterContainer
    static void stop() {
        parts.close();
    }

    /** A crash: its frames, by which device. */
    record Sent(List<String> frames, String device) {}

    /** What a person does, with numbers that choose among the clusters that there are then. */
    record Deed(int kind, int one, int other) {}

    @Provide
    Arbitrary<Sent> crash() {
        Arbitrary<Integer> few = Arbitraries.integers().between(0, 3);
        // some were cut short, to one frame or two
        Arbitrary<Integer> frames = Arbitraries.frequency(Tuple.of(1, 1), Tuple.of(1, 2), Tuple.of(4, 4));
        return Combinators.combine(few, few, Arbitraries.integers().between(0, 1), few, few, frames)
                .as((f, g, h, deep, device, length) -> new Sent(
                        List.of("f" + f, "g" + g, "h" + h, "deep" + deep).subList(0, length), "SN-" + device));
    }

    @Provide
    Arbitrary<List<Sent>> crashes() {
        return crash().list().ofMinSize(2).ofMaxSize(20);
    }

    @Provide
    Arbitrary<List<Deed>> deeds() {
        Arbitrary<Integer> any = Arbitraries.integers().between(0, 100);
        return Combinators.combine(Arbitraries.integers().between(0, 3), any, any)
                .as(Deed::new)
                .list()
                .ofMaxSize(5);
    }

    private static void send(Project project, Sent sent, ProjectRules rules) throws SQLException {
        var report = stack(sent.frames().toArray(String[]::new)).of(sent.device(), "rev-a");
        parts.crashes.processed(project.id(), parts.crashes.received(project.id(), NOW), report.report(), rules, NOW);
    }

    private static void send(Project project, List<Sent> crashes) throws SQLException {
        for (Sent sent : crashes) {
            send(project, sent, ProjectRules.NONE);
        }
    }

    private static List<ClusterId> clusters(Project project) {
        return parts.clusters.list(project.id(), ClusterQuery.all(100), NOW).items().stream()
                .map(ClusterRow::id)
                .sorted()
                .toList();
    }

    /** Merges, splits, moves and takes back as the numbers say; what can not be done then is not done. */
    private static void edit(Project project, List<Deed> deeds) {
        for (Deed deed : deeds) {
            List<ClusterId> clusters = clusters(project);
            ClusterId one = clusters.get(deed.one() % clusters.size());
            ClusterId other = clusters.get(deed.other() % clusters.size());
            var variants =
                    parts.clusters.detail(project.id(), one, NOW).orElseThrow().variants();
            long variant = variants.get(deed.other() % variants.size()).id();
            try {
                switch (deed.kind()) {
                    case 0 -> parts.edits.merge(project, one, List.of(other), ANN);
                    case 1 -> parts.edits.split(project, one, List.of(variant), ANN);
                    case 2 -> parts.edits.move(project, one, List.of(variant), other, ANN);
                    default -> undoTheLast(project, one);
                }
            } catch (Problem impossible) {
                assertThat(impossible.status()).isIn(400, 409);
            }
        }
    }

    private static void undoTheLast(Project project, ClusterId of) {
        for (var entry : parts.triage.activity(project, of, null, 1).items()) {
            var edit = entry.edit();
            if (edit != null) {
                parts.edits.undo(project, edit.id(), ANN);
            }
        }
    }

    @Property(tries = TRIES)
    void groupingAgainByTheSameRulesChangesNothing(
            @ForAll("crashes") List<Sent> crashes, @ForAll("deeds") List<Deed> deeds) throws SQLException {
        Project project = parts.project();
        send(project, crashes);
        edit(project, deeds);
        List<String> before = parts.state(project);

        GroupingDifference difference = parts.regroup(project, ProjectRules.NONE, NOW);

        assertThat(parts.state(project)).isEqualTo(before);
        assertThat(difference.changed()).isZero();
        assertThat(difference.split().count()
                        + difference.joined().count()
                        + difference.renamed().count())
                .isZero();
    }

    @Property(tries = TRIES)
    void theOrderInWhichCrashesComeChangesNothing(@ForAll("crashes") List<Sent> crashes, @ForAll Random random)
            throws SQLException {
        Project project = parts.project();
        send(project, crashes);
        Project other = parts.project();
        List<Sent> shuffled = new ArrayList<>(crashes);
        Collections.shuffle(shuffled, random);
        send(other, shuffled);

        assertThat(parts.partition(other)).isEqualTo(parts.partition(project));
        parts.regroup(project, SKIP_INNERMOST, NOW);
        parts.regroup(other, SKIP_INNERMOST, NOW);
        assertThat(parts.partition(other)).isEqualTo(parts.partition(project));
    }

    @Property(tries = TRIES)
    void theOrderInWhichCrashesComeAfterAMergeChangesNothing(
            @ForAll("crashes") List<Sent> crashes, @ForAll Random random) throws SQLException {
        Project project = afterAMerge();
        send(project, crashes);
        Project other = afterAMerge();
        List<Sent> shuffled = new ArrayList<>(crashes);
        Collections.shuffle(shuffled, random);
        send(other, shuffled);

        assertThat(parts.partition(other)).isEqualTo(parts.partition(project));
    }

    private static Project afterAMerge() throws SQLException {
        Project project = parts.project();
        send(
                project,
                List.of(
                        new Sent(List.of("f0", "g0", "h0", "deep0"), "SN-0"),
                        new Sent(List.of("f1", "g1", "h0", "deep0"), "SN-0")));
        List<ClusterId> clusters = clusters(project);
        parts.edits.merge(project, clusters.getFirst(), List.of(clusters.getLast()), ANN);
        return project;
    }

    @Property(tries = TRIES)
    void groupingAgainGivesWhatTheRulesWouldHaveGiven(@ForAll("crashes") List<Sent> crashes) throws SQLException {
        Project project = parts.project();
        send(project, crashes);
        Project from = parts.project();
        for (Sent sent : crashes) {
            send(from, sent, SKIP_INNERMOST);
        }

        parts.regroup(project, SKIP_INNERMOST, NOW);

        assertThat(parts.partition(project)).isEqualTo(parts.partition(from));
        assertThat(parts.crashes.differencesToARecount(project.id())).isZero();
    }

    @Property(tries = TRIES)
    void whatPeopleDidHoldsAfterOtherRulesAndBack(
            @ForAll("crashes") List<Sent> crashes, @ForAll("deeds") List<Deed> deeds, @ForAll boolean deeper)
            throws SQLException {
        Project project = parts.project();
        send(project, crashes);
        edit(project, deeds);
        Set<String> before = parts.partition(project);
        int clusters = clusters(project).size();

        parts.regroup(project, deeper ? START_DEEPER : SKIP_INNERMOST, NOW);
        assertThat(parts.crashes.differencesToARecount(project.id())).isZero();
        assertThat(togetherThoughTakenApart(project)).isZero();
        for (ClusterId id : clusters(project)) {
            assertThat(parts.clusters.detail(project.id(), id, NOW)).isPresent();
        }
        assertThat(deadEnds(project))
                .as("every emptied cluster leads somewhere")
                .isZero();

        List<String> once = parts.state(project);
        parts.regroup(project, deeper ? START_DEEPER : SKIP_INNERMOST, NOW);
        assertThat(parts.state(project)).as("a second time changes nothing").isEqualTo(once);
        assertThat(before).hasSize(clusters);
    }

    /** Variants with crashes on two sides of an edit in force, in one cluster; not those that a person joined again. */
    private static long togetherThoughTakenApart(Project project) {
        return number("""
                select count(*) from variant_apart x
                join cluster_edit e on e.id = x.edit_id and e.undone_by is null and e.project_id = %d
                join variant a on a.id = x.variant_id
                join variant_apart y on y.edit_id = x.edit_id and y.side <> x.side
                join variant b on b.id = y.variant_id and b.cluster_id = a.cluster_id
                where exists (select from variant_day where variant_id = a.id)
                    and exists (select from variant_day where variant_id = b.id)
                    and not exists (
                        select from cluster_edit later
                        where later.project_id = e.project_id and later.id > e.id and later.undone_by is null)
                """.formatted(project.id()));
    }

    private static long deadEnds(Project project) {
        return number("""
                select count(*) from cluster k where k.project_id = %d and k.moved_to is null
                    and not exists (select from variant v join variant_day d on d.variant_id = v.id where v.cluster_id = k.id)
                """.formatted(project.id()));
    }

    private static long number(String sql) {
        return parts.transactions.read(connection -> {
            try (var statement = connection.createStatement();
                    var row = statement.executeQuery(sql)) {
                row.next();
                return row.getLong(1);
            }
        });
    }

    @Property(tries = TRIES)
    void aJobThatIsKilledAnywhereEndsTheSameWhenItStartsOver(
            @ForAll("crashes") List<Sent> crashes, @ForAll("deeds") List<Deed> deeds, @ForAll Random random)
            throws SQLException {
        Project whole = parts.project();
        send(whole, crashes);
        edit(whole, deeds);
        parts.regroup(whole, SKIP_INNERMOST, NOW);

        Project project = parts.project();
        send(project, crashes);
        edit(project, deeds);
        var prints = parts.prints(project, SKIP_INNERMOST);
        var laid = parts.lay(project, prints, NOW).laid();
        prints.forEach((stack, print) -> {
            if (random.nextBoolean()) {
                parts.transactions.durable(
                        transaction -> parts.regrouping.move(transaction, project.id(), stack, print, laid));
            }
        });
        var again =
                parts.transactions.read(connection -> parts.regrouping.laid(connection, project.id(), laid.stays()));
        parts.move(project, parts.prints(project, SKIP_INNERMOST), again);

        assertThat(parts.partition(project)).isEqualTo(parts.partition(whole));
        assertThat(parts.crashes.differencesToARecount(project.id())).isZero();
    }

    @Property(tries = TRIES)
    void mergeThenUnmergeRestoresExactly(
            @ForAll("crashes") List<Sent> crashes, @ForAll Random random, @ForAll boolean forGood) throws SQLException {
        Project project = parts.project();
        send(project, crashes);
        List<ClusterId> ids = new ArrayList<>(clusters(project));
        Collections.shuffle(ids, random);
        if (ids.size() < 2) {
            return;
        }
        List<String> before = parts.state(project);
        var merge = parts.edits.merge(project, ids.getFirst(), ids.subList(1, ids.size()), ANN);
        assertThat(parts.state(project)).isNotEqualTo(before);

        var back = forGood ? parts.edits.unmerge(project, merge.id(), ANN) : parts.edits.undo(project, merge.id(), ANN);
        assertThat(parts.state(project)).isEqualTo(before);

        parts.edits.undo(project, back.id(), ANN);
        assertThat(clusters(project)).hasSize(1);
        parts.edits.undo(project, merge.id(), ANN);
        assertThat(parts.state(project)).isEqualTo(before);
        assertThat(parts.crashes.differencesToARecount(project.id())).isZero();
    }
}
