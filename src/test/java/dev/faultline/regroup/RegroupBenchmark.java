package dev.faultline.regroup;

import dev.faultline.access.Project;
import dev.faultline.cluster.GroupingDifference;
import dev.faultline.cluster.GroupingHarness;
import dev.faultline.fingerprint.Fingerprint;
import dev.faultline.fingerprint.FingerprintInput;
import dev.faultline.fingerprint.Fingerprinter;
import dev.faultline.fingerprint.FramePart;
import dev.faultline.fingerprint.ProjectRules;
import dev.faultline.fingerprint.Reports;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * How long a dry run takes: {@code CRASHES STACKS}, by default 1,000,000 crashes of 100,000 different stacks in ten builds.
 * See docs/benchmarks.md for the command.
 */
final class RegroupBenchmark {
    private static final int FRAMES = 12;
    private static final int BUILDS = 10;
    private static final int BATCH = 1_000;

    private static final ProjectRules NONE = ProjectRules.NONE;
    private static final ProjectRules CHANGED = new ProjectRules(
            1,
            List.of(
                    new ProjectRules.Rule("skip", FramePart.SKIP, "fn_0_1[0-9]", null, null, null, "plumbing"),
                    new ProjectRules.Rule("prefix", FramePart.PREFIX, "fn_1_.7", null, null, null, "plumbing")));

    private final GroupingHarness parts;
    private final Project project;

    private RegroupBenchmark(GroupingHarness parts, Project project) {
        this.parts = parts;
        this.project = project;
    }

    public static void main(String[] arguments) throws Exception {
        int crashes = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1_000_000;
        int stacks = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 100_000;
        try (var parts = new GroupingHarness(Path.of("../target/regroup-benchmark/pg"))) {
            var benchmark = new RegroupBenchmark(parts, parts.project());
            benchmark.fill(stacks);
            benchmark.crash(crashes);
            benchmark.dryRun(NONE);
            benchmark.dryRun(CHANGED);
        }
    }

    private static Reports stack(Random random, int number) {
        int build = number % BUILDS;
        var report = new Reports().release("1." + build, "%040x".formatted(0xabc0_0000L + build));
        for (int frame = 0; frame < FRAMES; frame++) {
            // functions near the crash are many, those near the thread's beginning are few
            int function = random.nextInt(frame < 3 ? 300 : 40);
            report.frame(
                    "fn_%d_%d".formatted(frame, function),
                    "src/part%d/file%d.c".formatted(frame, function % 20),
                    10 + function);
        }
        return report;
    }

    private void fill(int stacks) {
        long begin = System.nanoTime();
        var random = new Random(5);
        var byRules = new Fingerprinter().by(NONE);
        parts.transactions.durable(connection -> {
            try (var create = connection.createStatement()) {
                create.execute("""
                        create table made (place int, input json, k1 text, k3 text, k8 text, signature text, frames jsonb)
                        """);
            }
            try (var insert =
                    connection.prepareStatement("insert into made values (?, ?::json, ?, ?, ?, ?, ?::jsonb)")) {
                for (int i = 0; i < stacks; i++) {
                    var input = FingerprintInput.of(stack(random, i).report());
                    Fingerprint print = byRules.of(input);
                    insert.setInt(1, i);
                    insert.setString(2, parts.text(input));
                    insert.setString(3, print.k1());
                    insert.setString(4, print.k3());
                    insert.setString(5, print.k8());
                    insert.setString(6, print.signature());
                    insert.setString(7, parts.text(print.frames()));
                    insert.addBatch();
                    if (i % BATCH == BATCH - 1) {
                        insert.executeBatch();
                    }
                }
                insert.executeBatch();
            }
            return 0;
        });
        sql("""
                insert into stack (project_id, sha256, input) select %1$d, 'made-' || place, input from made order by place;
                insert into cluster (project_id, signature, reason, software, title, created_at)
                    select distinct on (k3) %1$d, signature, 'bad-access', 'main-fw', k3, now() from made order by k3, place;
                insert into variant (project_id, cluster_id, algorithm, k1, k3, k8, cluster_key, signature, reason, software,
                        provisional, needs_symbols, frames, joined_because, created_at)
                    select distinct on (k8) %1$d, c.id, 2, k1, k3, k8, k3, m.signature, 'bad-access', 'main-fw', false,
                        false, frames, 'made', now()
                    from made m join cluster c on c.project_id = %1$d and c.title = m.k3 order by k8, place;
                update cluster set title = null where project_id = %1$d;
                analyze;
                """.formatted(project.id()));
        System.out.printf(Locale.ROOT, "%d stacks made in %.1f s%n", stacks, seconds(begin));
    }

    /** A few stacks have most of the crashes. */
    private void crash(int crashes) {
        long begin = System.nanoTime();
        sql("""
                create table of_stack as
                    select row_number() over (order by s.id) - 1 as place, s.id as stack, v.id as variant
                    from made m join stack s on s.project_id = %1$d and s.sha256 = 'made-' || m.place
                    join variant v on v.project_id = %1$d and v.k8 = m.k8;
                create unique index on of_stack (place);
                insert into crash (id, project_id, sender, sha256, size, claims, received_at, effective_at, state, hardware,
                        variant_id, stack_id)
                    select gen_random_uuid(), %1$d, '', 'crash-' || i, 1, '{}', at, at, 'processed', 'rev-a', variant, stack
                    from (select i, timestamptz '2026-06-15 12:00+0' - i * interval '1 second' as at,
                            floor((select count(*) from of_stack) * power(random(), 3)) as place
                        from generate_series(1, %2$d) i) c
                    join of_stack using (place);
                drop table made;
                drop table of_stack;
                """.formatted(project.id(), crashes));
        sql("vacuum analyze crash");
        System.out.printf(Locale.ROOT, "%d crashes made in %.1f s%n", crashes, seconds(begin));
    }

    private void dryRun(ProjectRules rules) {
        long begin = System.nanoTime();
        var printed = new PrintedStacks(parts.stacks, project.id(), new Fingerprinter().by(rules));
        printed.all(_ -> {});
        double fingerprints = seconds(begin);
        GroupingDifference difference = parts.transactions.snapshot(
                snapshot -> parts.regrouping.difference(snapshot, project.id(), printed, 0, RegroupRunner.MOST_TOLD));
        double all = seconds(begin);
        Runtime runtime = Runtime.getRuntime();
        System.out.printf(
                Locale.ROOT,
                "dry run of %d crashes: %.1f s, %.1f of them for the fingerprints of %d stacks; %d variants → %d,"
                        + " %d clusters → %d, %d splits, %d joins, %d renamed; heap in use %d MB%n",
                difference.crashes(),
                all,
                fingerprints,
                printed.size(),
                difference.variantsBefore(),
                difference.variantsAfter(),
                difference.clustersBefore(),
                difference.clustersAfter(),
                difference.split().count(),
                difference.joined().count(),
                difference.renamed().count(),
                (runtime.totalMemory() - runtime.freeMemory()) >> 20);
    }

    private void sql(String statements) {
        parts.transactions.read(connection -> {
            try (var statement = connection.createStatement()) {
                return statement.execute(statements);
            }
        });
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }
}
