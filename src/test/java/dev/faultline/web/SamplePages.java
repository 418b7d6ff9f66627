package dev.faultline.web;

import dev.faultline.access.Project;
import dev.faultline.fingerprint.FingerprintFrame;
import dev.faultline.fingerprint.Fingerprinter;
import dev.faultline.fingerprint.FramePart;
import dev.faultline.fingerprint.ProjectRules;
import dev.faultline.rules.ExactPattern;
import dev.faultline.similarity.Alignment;
import dev.faultline.symbols.report.FaultReport.FaultRegister;
import dev.faultline.symbols.report.FrameReport;
import dev.faultline.symbols.report.ModuleReport;
import dev.faultline.symbols.report.ThreadReport;
import dev.faultline.symbols.report.VariableReport;
import dev.faultline.web.CrashPage.Fact;
import dev.faultline.web.CrashPage.GroupedFrame;
import io.quarkus.qute.TemplateInstance;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One page of each kind with everything on it, and hostile text wherever text comes from a device or a file. */
final class SamplePages {
    static final String HOSTILE =
            "<script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\">";

    private static final Search SEARCH = new Search("fn:radio_*", null, "release: hw: fn:");
    private static final Instant NOW = Instant.parse("2026-11-21T08:00:00Z");
    private static final List<String> HARDWARE = List.of("rev A", "rev B", "rev C");
    private static final Map<String, Long> FLEET = Map.of("rev A", 700L, "rev B", 220L, "rev C", 80L);
    private static final String BUILD_ID = "4af3c091d20b7c1f5599aa0be7b1c2d3e4f50617";
    private static final String COMMAND =
            "faultline symbols upload --software main-fw --version 1.2.0 build/main-fw.elf";

    private static final String RULE_FORM = "/projects/default/rules/new?function=sensor_store&file=sensor.c";

    private SamplePages() {}

    static Map<String, TemplateInstance> all() {
        var pages = new LinkedHashMap<String, TemplateInstance>();
        pages.put("clusters", clusters());
        pages.put("clusters-empty", noClusters());
        pages.put("cluster", cluster());
        pages.put("regroup", regroup());
        pages.put("rules", rulesPage(rules()));
        pages.put("rules-none", rulesPage(ProjectRules.NONE));
        pages.put("rule", ruleForm());
        pages.put("crashes", crashes());
        pages.put("crash", crash());
        pages.put("crash-needs-symbols", needsSymbols());
        pages.put("symbols", symbols());
        pages.put("symbol-file", symbolFile());
        pages.put("compare", compare());
        pages.putAll(FleetSamplePages.all());
        pages.put(
                "error",
                new ErrorPage(
                        new Shell("Nothing here", null, null, reader()),
                        404,
                        "Nothing here",
                        "No cluster is " + HOSTILE));
        return pages;
    }

    private static Shell.Reader reader() {
        return new Shell.Reader(null, "pretty", null, null);
    }

    private static Shell shell(String title, Shell.Section section) {
        return new Shell(title, "default", section, reader());
    }

    private static Moment minutesAgo(long minutes) {
        return new Moment(NOW.minusSeconds(minutes * 60), NOW);
    }

    private static Signature signature(String functions) {
        return Signature.of("null-deref | " + functions, "null-deref");
    }

    private static ClusterListPage clusters() {
        return new ClusterListPage(
                shell("Clusters", Shell.Section.CLUSTERS),
                true,
                SEARCH,
                choices(),
                false,
                new ClusterListPage.Views(
                        List.of(
                                new ClusterListPage.View("radio of rev-c", "?q=radio", false),
                                new ClusterListPage.View(HOSTILE, "?q=x", true)),
                        7L,
                        false),
                null,
                columns(),
                List.of(
                        cluster(1, "null-deref", "sensor_store | sensor_poll | task_step", 412, 1830, "rev B", "new"),
                        cluster(2, "watchdog", "radio_transmit | packet_flush | radio_task", 207, 655, "rev A"),
                        cluster(3, "assert", "storage_append: offset % PAGE == 0 | storage_write", 31, 44, "rev B"),
                        cluster(4, "bus-imprecise", "?4af3c091+0x1a2c", 9, 10, "rev C", "needs-symbols"),
                        cluster(5, "unknown", HOSTILE + " | " + "unbroken".repeat(30), 1, 1, HOSTILE, HOSTILE)),
                "?after=x",
                null,
                List.of());
    }

    private static ClusterListPage noClusters() {
        return new ClusterListPage(
                shell("Clusters", Shell.Section.CLUSTERS),
                false,
                SEARCH,
                choices(),
                false,
                new ClusterListPage.Views(List.of(), null, true),
                null,
                columns(),
                List.of(),
                null,
                null,
                Commands.firstCrash(new Project(1, "default")));
    }

    private static List<Choice> choices() {
        return List.of(
                Choice.of("software", "Software", "all", List.of("main-fw", "bootloader"), null),
                Choice.of("release", "Release", "all", List.of("1.2.0", "1.1.0"), "1.2.0"),
                Choice.of("hardware", "Hardware", "all", HARDWARE, HOSTILE),
                Choice.of("reason", "Reason", "all", List.of("null-deref", "assert"), null),
                Choice.since("30d"));
    }

    private static List<ClusterListPage.Column> columns() {
        return List.of(
                new ClusterListPage.Column("Devices", "c-devices", "?sort=devices", null, null),
                new ClusterListPage.Column("Crashes", "c-crashes", "?sort=crashes", "descending", null),
                new ClusterListPage.Column("First seen", "c-first", "?sort=firstSeen", null, null),
                new ClusterListPage.Column("Last seen", "c-last", "?sort=lastSeen", null, null),
                new ClusterListPage.Column("Hardware", "c-hardware", null, null, "by share of the crashes"),
                new ClusterListPage.Column("30 days", "c-trend", null, null, "crashes by day"));
    }

    private static ClusterListPage.Row cluster(
            int rank, String family, String functions, int devices, int crashes, String hardware, String... badges) {
        return new ClusterListPage.Row(
                rank,
                "C-" + rank * 7,
                "/projects/default/clusters/C-" + rank * 7,
                Signature.of(family + " | " + functions, family),
                rank == 4 ? null : "sensor.c:" + rank * 33,
                Reason.of(family),
                "main-fw",
                List.of(badges).stream().map(Badge::of).toList(),
                rank == 2 ? HOSTILE : null,
                rank == 2 ? "https://bugs.example.org/browse/FW-17" : null,
                rank == 2 ? "FW-17" : null,
                "Impact 12.0 = 12 devices × severity 2.00 (null-deref) × 0.500 (last seen 14 days ago; half every 14 days)",
                Words.number(devices),
                devices == 1 ? "device" : "devices",
                rank == 4 ? null : "2 %",
                Words.number(crashes),
                crashes == 1 ? "crash" : "crashes",
                rank == 4 ? null : "1.2.0",
                minutesAgo(5000L * rank),
                "1.2.0",
                minutesAgo(7L * rank * rank),
                ShareBar.of(Map.of(hardware, (long) crashes, "rev D", 1L + crashes / 9), FLEET, HARDWARE),
                sparkline(crashes));
    }

    private static Sparkline sparkline(int crashes) {
        var days = new ArrayList<Integer>();
        for (int day = 0; day < 30; day++) {
            days.add(day * 7 % 5 == 0 ? 0 : (day * day * 13 + crashes) % 17);
        }
        return Sparkline.of(days);
    }

    private static FrameReport frame(
            @Nullable String function, @Nullable String file, int line, String pc, boolean inlined, String trust) {
        return new FrameReport(function, null, file, line, 3, pc, inlined, trust, "main-fw", "0x1a2c");
    }

    private static ThreadReport thread(long id, @Nullable String name, boolean crashed) {
        return new ThreadReport(
                id,
                name,
                crashed ? "running" : "blocked",
                crashed,
                List.of(
                        frame("ring_put", "/build/firmware/sensor.c", 41, "0x00001a2c", true, "exception"),
                        frame("sensor_store", "/build/firmware/sensor.c", 132, "0x00001a2c", false, "exception")
                                .with(arguments(), locals()),
                        frame(HOSTILE, "/build/" + HOSTILE + ".c", 171, "0x00001b10", false, "cfi"),
                        frame(null, null, 0, "0x00001b40", false, "link-register"),
                        frame("clamp", "/build/firmware/filter.c", 12, "0x00001c22", true, "cfi")
                                .with(List.of(), locals()),
                        frame("filter_apply", "/build/firmware/filter.c", 40, "0x00001c22", true, "cfi"),
                        frame("task_step", "/build/firmware/main.c", 77, "0x00001c22", false, "frame-pointer"),
                        frame("task_entry", "/build/firmware/kernel.c", 20, "0x00000410", false, "scan")),
                "the stack begins here");
    }

    private static List<VariableReport> arguments() {
        return List.of(
                new VariableReport(
                        "ring",
                        "struct ring *",
                        "0x20000a40 <samples>",
                        "{head = 3, tail = 1, data = {2311, 2312, 0 <repeats 30 times>}}",
                        "known"),
                new VariableReport("value", "int", "<optimised out>", null, "optimised-out"));
    }

    private static List<VariableReport> locals() {
        return List.of(
                new VariableReport(HOSTILE, HOSTILE, '"' + HOSTILE + '"', HOSTILE, "known"),
                new VariableReport("text", "char *", "unbroken".repeat(60), "unbroken".repeat(60), "known"),
                new VariableReport(
                        "page", "uint8_t [256]", "<not in dump: 0x20004000-0x200040ff>", null, "not-in-dump"),
                new VariableReport("gone", "float", "<unreadable: " + HOSTILE + ">", null, "unreadable"));
    }

    private static StackView grouped(ThreadReport thread) {
        return StackView.of(
                thread,
                thread.frames().stream()
                        .filter(frame -> frame.function() != null)
                        .map(frame -> new FingerprintFrame(
                                String.valueOf(frame.function()),
                                null,
                                FramePart.RELEVANT,
                                null,
                                null,
                                List.of(),
                                null,
                                0))
                        .toList(),
                new RuleLinks(new Project(1, "default"), "main-fw"));
    }

    private static List<GroupedFrame> grouped() {
        return List.of(
                new GroupedFrame("sensor_store", "relevant", null, null, "k1 k3 k8", RULE_FORM),
                new GroupedFrame("?4af3c091+0x1a2c", "relevant", null, null, "k8", null),
                new GroupedFrame(HOSTILE, "skip", "project/" + HOSTILE, HOSTILE, "", RULE_FORM),
                new GroupedFrame("task_entry", "base", "kernel-entry", "Threads begin here.", "", RULE_FORM));
    }

    private static List<Fact> facts() {
        return List.of(
                Fact.link("Device", "node-0417", "/projects/default/crashes?device=node-0417"),
                Fact.of("Hardware", "rev B"),
                Fact.of("Software", "main-fw 1.2.0"),
                Fact.of("Message", HOSTILE),
                new Fact("Build id", BUILD_ID.substring(0, 12) + "…", null, BUILD_ID, true));
    }

    private static CrashPage crash() {
        var registers = new ArrayList<CrashPage.Register>();
        for (int number = 0; number < 13; number++) {
            registers.add(new CrashPage.Register(
                    "r" + number,
                    "0x%08x".formatted(number * 0x1234567),
                    number == 2 ? Prose.of("heap, `" + HOSTILE + "`+0x10") : null));
        }
        List.of("sp", "lr", "pc", "xpsr")
                .forEach(name -> registers.add(new CrashPage.Register(
                        name,
                        "0x20001f40",
                        name.equals("sp") ? Prose.of("stack of `sensor`, 64 bytes below its top") : null)));
        var log = new ArrayList<CrashPage.Line>();
        for (int line = 0; line < 24; line++) {
            log.add(new CrashPage.Line(
                    Words.uptime(11_000 + line * 137L),
                    List.of("i", "d", "w", "e", "").get(line % 5),
                    line % 2 == 0 ? "sensor" : "",
                    line == 7 ? HOSTILE : "sample " + line + " = 2311",
                    line % 3 == 0 ? "faultline_log, upload" : "upload"));
        }
        return new CrashPage(
                shell("Crash", Shell.Section.CRASHES),
                "0199c6b1-5a3e-7c01-9f2e-0f5a1b2c3d4e",
                "/projects/default/crashes/0199c6b1-5a3e-7c01-9f2e-0f5a1b2c3d4e",
                false,
                Reason.of("null-deref"),
                Prose.of("Wrote 4 bytes to 0x00000004 in `sensor_store`: a null pointer plus 4."),
                Prose.of("The instruction wrote 4 bytes to 0x00000004 through r3: null plus 4"),
                false,
                null,
                facts(),
                new CrashPage.ClusterLink("C-7", "/projects/default/clusters/C-7", signature("sensor_store")),
                grouped(thread(2, "sensor", true)),
                List.of(StackView.of(thread(1, HOSTILE, false)), StackView.of(thread(3, null, false))),
                "Wrote 4 bytes to 0x00000004\n#0 ring_put at sensor.c:41\n" + HOSTILE,
                registers,
                List.of(
                        new FaultRegister("CFSR", "0x00000082", List.of("MMARVALID: MMFAR holds the address")),
                        new FaultRegister("HFSR", "0x40000000", List.of("FORCED: another fault became a hard fault"))),
                log,
                0,
                "",
                List.of(new ModuleReport("main-fw", BUILD_ID, "0x00000000", true)),
                List.of(),
                List.of("segment 3 at 0x20008000 ends early: 128 bytes wanted, 96 there"),
                new CrashPage.Grouping(List.of("Its top 3 frames are those of C-7."), grouped()),
                List.of(new CrashPage.Link("Coredump as it was sent (10.6 KiB)", "/coredump")));
    }

    private static CrashPage needsSymbols() {
        CrashPage crash = crash();
        var thread = new ThreadReport(
                2,
                null,
                null,
                true,
                List.of(
                        frame(null, null, 0, "0x00001b40", false, "exception"),
                        frame(null, null, 0, "0x00001b44", false, "link-register")),
                "no call frame information for 0x1b44");
        return new CrashPage(
                crash.shell(),
                crash.id(),
                crash.url(),
                false,
                Reason.of("bad-access"),
                Prose.of("Read from 0x40021000, which the memory map does not have."),
                null,
                true,
                new CrashPage.Notice("Needs symbols", "Frames stay unnamed until the file is uploaded.", Tone.AMBER),
                crash.facts(),
                null,
                StackView.of(thread),
                List.of(),
                "Read from 0x40021000",
                crash.registers(),
                crash.faultRegisters(),
                List.of(),
                0,
                "",
                List.of(new ModuleReport("main-fw", BUILD_ID, "0x00000000", false)),
                List.of(new CrashPage.Missing(BUILD_ID, "main-fw 1.2.0", COMMAND)),
                List.of(),
                null,
                crash.downloads());
    }

    private static CrashRow row(int number) {
        boolean read = number % 3 != 2;
        return new CrashRow(
                "/projects/default/crashes/" + number,
                read ? signature("sensor_store | sensor_poll") : null,
                "Could not be read",
                "0199c6b1-5a3e-7c01-9f2e-0f5a1b2c3d1" + number,
                read ? "Wrote 4 bytes to 0x00000004." : "program header at 0x34: " + HOSTILE,
                read ? Reason.of("null-deref") : null,
                read ? null : new Badge("quarantined", Tone.RED, "Could not be read"),
                "node-04" + number,
                "/projects/default/crashes?device=node-04" + number,
                "main-fw 1.2.0",
                "rev B",
                minutesAgo(number * 50L));
    }

    private static CrashListPage crashes() {
        return new CrashListPage(
                shell("Crashes", Shell.Section.CRASHES),
                SEARCH,
                choices(),
                "",
                "C-7",
                false,
                List.of(row(0), row(1), row(2), row(3)),
                null,
                null,
                List.of());
    }

    private static ClusterPage cluster() {
        var days = new TreeMap<LocalDate, Integer>();
        for (int day = 0; day < 50; day++) {
            days.put(LocalDate.of(2026, 11, 21).minusDays(day), day * 31 % 47);
        }
        return new ClusterPage(
                shell("C-7", Shell.Section.CLUSTERS),
                true,
                "C-7",
                "/projects/default/clusters/C-7",
                signature("sensor_store | sensor_poll | task_step"),
                Reason.of("null-deref"),
                List.of(Badge.of("new")),
                "Null pointer dereference in sensor_store on 412 devices, 1,830 times; 91 % on rev B.",
                "Impact 206 = 412 devices × severity 1.00 (null-deref) × 0.500 (last seen 14 days ago; half every 14 days)",
                Prose.of("Wrote 4 bytes in `" + HOSTILE + "`"),
                grouped(thread(2, "sensor", true)),
                "/projects/default/crashes/1",
                "#0 ring_put",
                new StateView(
                        Badge.of("regressed"),
                        "It was resolved, and crashed in 1.2.0, which has the fix.",
                        true,
                        minutesAgo(300),
                        "The ring buffer at start",
                        HOSTILE,
                        "https://bugs.example.org/browse/FW-17",
                        "FW-17",
                        List.of("1.2.0", HOSTILE)),
                facts(),
                ShareBar.of(Map.of("rev A", 20L, "rev B", 240L, "rev C", 3L), FLEET, HARDWARE),
                TrendChart.of(days, LocalDate.of(2026, 11, 21)),
                new ClusterPage.Matrix(
                        HARDWARE,
                        List.of(new ClusterPage.MatrixRow(
                                "1.2.0",
                                List.of(
                                        new ClusterPage.Cell("0", "zero"),
                                        new ClusterPage.Cell("1,612", "heat-4"),
                                        new ClusterPage.Cell("21", "heat-1")),
                                "1,633",
                                "on 412 devices"))),
                List.of(
                        new ClusterPage.Variant(
                                "/projects/default/clusters/C-7/variants/1",
                                signature("sensor_store | sensor_poll | task_step"),
                                "1,790 crashes",
                                "400 devices",
                                "98 %",
                                "It began this cluster.",
                                false,
                                grouped()),
                        new ClusterPage.Variant(
                                "/projects/default/clusters/C-7/variants/2",
                                signature("sensor_store | sensor_poll | sensor_calibrate"),
                                "40 crashes",
                                "12 devices",
                                "2 %",
                                "Its top 3 frames are those of the first variant.",
                                true,
                                List.of())),
                List.of(new SimilarView(
                        "C-9",
                        "/projects/default/clusters/C-9",
                        signature("sensor_store | " + HOSTILE),
                        "72 %",
                        "score 0.72: 3 of 4 frames are in both; the rarest of them is in 2 of 900 variants",
                        "/projects/default/clusters/C-7/similar/C-9/never",
                        List.of(
                                new Alignment.Line("sensor_store", "sensor_store"),
                                new Alignment.Line(null, HOSTILE),
                                new Alignment.Line("sensor_poll", "sensor_poll"),
                                new Alignment.Line("task_step", "task_step")))),
                List.of(
                        new ActivityLine(
                                HOSTILE,
                                "undid edit 4",
                                null,
                                minutesAgo(2),
                                false,
                                "/projects/default/clusters/C-7/edits/5",
                                false),
                        new ActivityLine(
                                "ann", "said", HOSTILE + "\nand on another line", minutesAgo(2), false, null, false),
                        new ActivityLine("ann", "merged C-8, C-9 into C-7", null, minutesAgo(3), true, null, true),
                        new ActivityLine(
                                "ann",
                                "merged C-5 into C-7",
                                null,
                                minutesAgo(90),
                                false,
                                "/projects/default/clusters/C-7/edits/3",
                                true)),
                List.of(row(0), row(1)),
                "/projects/default/crashes?cluster=C-7");
    }

    private static RegroupPage regroup() {
        return new RegroupPage(
                shell("Group again", Shell.Section.CLUSTERS),
                "/projects/default/regroups",
                false,
                new RegroupPage.Job(
                        "Dry run",
                        new Badge("done", Tone.GREEN, "How far the job is"),
                        minutesAgo(3),
                        HOSTILE,
                        "packs 13, project 4",
                        null,
                        "4,812 variants → 4,790; 312 clusters → 297. 9 splits, 24 joins, 2 new names.",
                        null),
                List.of(join()),
                "/projects/default/regroups?after=50",
                List.of(new RegroupPage.Job(
                        "Regroup",
                        new Badge("failed", Tone.RED, "How far the job is"),
                        minutesAgo(300),
                        "ann",
                        "packs 13, project 3",
                        null,
                        null,
                        "The rules were changed while it ran")));
    }

    private static GroupingChange join() {
        return new GroupingChange(
                "join",
                List.of(
                        new GroupingChange.Cluster("C-7", "/projects/default/clusters/C-7"),
                        new GroupingChange.Cluster("C-9", "/projects/default/clusters/C-9")),
                List.of("bad-access | lock | save", "bad-access | " + HOSTILE),
                List.of("bad-access | save"),
                "1,830");
    }

    private static ProjectRules rules() {
        return new ProjectRules(
                4,
                List.of(
                        new ProjectRules.Rule(
                                "skip-lock", FramePart.SKIP, "take_lock", null, null, null, "everybody locks"),
                        new ProjectRules.Rule(
                                HOSTILE.substring(0, ProjectRules.LONGEST_ID),
                                FramePart.PREFIX,
                                ExactPattern.of(HOSTILE),
                                "unbroken".repeat(30),
                                "main-fw",
                                "main-fw|bootloader",
                                HOSTILE),
                        new ProjectRules.Rule(
                                "sentinel-check", FramePart.SENTINEL, "check_.*", null, null, null, null)));
    }

    private static RulesPage rulesPage(ProjectRules rules) {
        return RulesPage.of(
                shell("Rules", Shell.Section.CLUSTERS),
                new Project(1, "default"),
                rules,
                new Fingerprinter().packs(),
                rules.rules().isEmpty() ? null : "Somebody else changed the rules meanwhile.",
                true);
    }

    private static RuleFormPage ruleForm() {
        var form = new RuleForm(
                3,
                "",
                "",
                "skip",
                ExactPattern.of(HOSTILE) + "(",
                ExactPattern.ofFile("unbroken".repeat(20) + ".c"),
                "",
                "",
                HOSTILE,
                new RuleForm.Offered("", HOSTILE, "main-fw"));
        return form.page(
                shell("Rule", Shell.Section.CLUSTERS),
                new Project(1, "default"),
                rules().withFirst(new ProjectRules.Rule("same", FramePart.BASE, "x", null, null, null, null)),
                form.troubles(rules()),
                "Somebody else changed the rules meanwhile.",
                new RuleFormPage.Preview(
                        "Among the newest 500 crashes, 37 would be in another variant.",
                        "1 split, 9 joins, 2 new names",
                        List.of(join(), join()),
                        10),
                true);
    }

    private static SymbolsPage symbols() {
        return new SymbolsPage(
                shell("Symbols", Shell.Section.SYMBOLS),
                List.of(
                        new SymbolsPage.MissingFile(BUILD_ID, "main-fw 1.2.0", "143", "88", minutesAgo(300), COMMAND),
                        new SymbolsPage.MissingFile("ab".repeat(32), null, "3", "1", minutesAgo(9000), COMMAND)),
                List.of(
                        new SymbolsPage.DebugFile(
                                BUILD_ID,
                                "main-fw-1.2.0-rev-b.elf",
                                "/projects/default/symbols/" + BUILD_ID,
                                null,
                                "main-fw 1.2.0",
                                "arm",
                                "312.4 KiB",
                                "DWARF 5",
                                Meter.of(0.998),
                                Meter.of(1),
                                "212",
                                "3 functions without it, link-time optimized",
                                List.of("GNU C17 12.2.1 -mcpu=cortex-m3 -mthumb -g -Os -flto"),
                                null,
                                null,
                                List.of(),
                                minutesAgo(2000)),
                        new SymbolsPage.DebugFile(
                                "cd".repeat(20),
                                HOSTILE,
                                "/projects/default/symbols/" + "cd".repeat(20),
                                "12 files missing",
                                null,
                                "arm",
                                "12.4 KiB",
                                "none",
                                Meter.of(0.3),
                                Meter.of(0.62),
                                "4",
                                null,
                                List.of(HOSTILE, "GNU AS 2.40"),
                                "it has no debug information: build with -g",
                                "Compile with -g and upload the file before it is stripped: " + HOSTILE,
                                List.of("unit at 0x40: " + HOSTILE),
                                minutesAgo(22_000))),
                null,
                null,
                List.of());
    }

    private static SymbolFilePage symbolFile() {
        String dwo = "obj/radio/" + "unbroken".repeat(12) + ".dwo";
        return new SymbolFilePage(
                shell("main-fw.elf", Shell.Section.SYMBOLS),
                "main-fw-1.2.0-rev-b.elf " + HOSTILE,
                List.of(
                        new Fact("Build id", "cd".repeat(32), null, null, true),
                        Fact.of("Release", "main-fw 1.2.0"),
                        Fact.of("Architecture", "arm"),
                        Fact.of("Debug information", "DWARF 4 and 5"),
                        Fact.of("Size", "312.4 KiB")),
                minutesAgo(2000),
                "it has no debug information: " + HOSTILE,
                "Bring the package of split units (.dwp) or their .dwo files along, or compile without -gsplit-dwarf: 12"
                        + " units are not here, and with them inlined calls.",
                Meter.of(0.62),
                Meter.of(0.998),
                List.of(
                        Fact.of("Functions", "1,212"),
                        Fact.of("Without debug information", "31"),
                        Fact.of("Inlined calls", "4,102"),
                        Fact.of("Unwind rows", "9,811"),
                        Fact.of("Code", "112.4 KiB"),
                        Fact.of("Build id", "none: the file's SHA-256"),
                        Fact.of("Linked", "link-time optimized"),
                        Fact.of("Symbol table", "whole")),
                List.of(
                        new SymbolFilePage.Part("stripped image", "main-fw.bin", "ab".repeat(32), "48.0 KiB"),
                        new SymbolFilePage.Part("debug file", HOSTILE, "12".repeat(32), "312.4 KiB")),
                List.of(
                        new SymbolFilePage.Want(
                                "shared debug information (dwz)",
                                "/usr/lib/debug/.dwz/x86_64-linux-gnu/main.debug",
                                BUILD_ID,
                                COMMAND),
                        new SymbolFilePage.Want("split unit (.dwo)", dwo, "4af3c091d20b7c1f", COMMAND),
                        new SymbolFilePage.Want("stripped image", null, BUILD_ID, COMMAND),
                        new SymbolFilePage.Want("split unit (.dwo)", HOSTILE, "4af3c091d20b7c10", COMMAND)),
                7,
                11,
                false,
                List.of("GNU C17 12.2.1 -mcpu=cortex-m3 -mthumb -g -Os -flto " + "-funbroken".repeat(30), HOSTILE),
                List.of("unit at 0x40: " + HOSTILE));
    }

    private static ComparePage compare() {
        return new ComparePage(
                shell("Compare", Shell.Section.COMPARE),
                List.of(
                        Choice.of("software", "Software", "choose", List.of("main-fw"), "main-fw"),
                        Choice.of("baseline", "Baseline", "choose", List.of("1.1.0"), "1.1.0"),
                        Choice.of("candidate", "Candidate", "choose", List.of("1.2.0"), "1.2.0")),
                "Choose",
                null,
                new ComparePage.Result(
                        "1.1.0",
                        "1.2.0",
                        "1.2.0 against 1.1.0: 1 new cluster, 1 worse.",
                        "Rates are per device seen: 900 on 1.1.0, 420 on 1.2.0.",
                        "To tell more: about 38,000 more device-hours, 9.10 hours at the present fleet.",
                        List.of("12 clusters without symbols are left out."),
                        List.of(
                                new ComparePage.Figure(
                                        "Crashes per 1,000 device-hours",
                                        "at most one per device, cluster and day",
                                        "0.50 (0.45 to 0.55)",
                                        "1.01 (0.82 to 1.23)",
                                        "2.02× (95 % 1.65 to 2.46) within hardware revisions, 2.40× without regard to them"),
                                new ComparePage.Figure(
                                        "Silent after the update", HOSTILE, "–", "0.3 % (3 of 998)", null)),
                        List.of(
                                new ComparePage.Metric(
                                        "battery.current_ma",
                                        "11.0 (10.7 to 11.3)",
                                        "18.6",
                                        "+69 % (95 % +62 to +76)",
                                        true),
                                new ComparePage.Metric(HOSTILE, "0.00", "1.00", null, false)),
                        List.of(
                                new ComparePage.Total("new", "new", 1, "some-red"),
                                new ComparePage.Total("better", "better", 0, ""),
                                new ComparePage.Total("unproven", "unproven", 2, "some-amber")),
                        List.of(
                                group("new", "New", Tone.RED, line("alarm_raise | sensor_poll", null)),
                                group("worse", "Worse", Tone.RED, line("sensor_store", Forest.of(2.1, 1.3, 3.4))),
                                group("better", "Better", Tone.GREEN),
                                group(
                                        "unproven",
                                        "Unproven",
                                        Tone.AMBER,
                                        line(HOSTILE, Forest.of(1.1, 0.4, 3)),
                                        line("packet_flush", Forest.of(0.5, 0.01, 27)))),
                        List.of("rev A", "rev B"),
                        "Device-hours",
                        List.of(new ComparePage.Stratum("rev A", "300", "100", "43", "20", Forest.of(1.4, 0.9, 2.2)))));
    }

    private static ComparePage.Group group(String id, String title, Tone tone, ComparePage.Line... lines) {
        return new ComparePage.Group(id, title, "in words", tone, List.of(lines));
    }

    private static ComparePage.Line line(String functions, @Nullable Forest ratio) {
        return new ComparePage.Line(
                "C-7",
                "/projects/default/clusters/C-7",
                signature(functions),
                Reason.of("null-deref"),
                new ComparePage.Occurrence("40", "31 devices", "55 crashes as received"),
                new ComparePage.Occurrence("9", "9 devices", "9 crashes as received"),
                ratio,
                "More frequent: 95 % sure that it is at least 1.3 times as frequent.",
                List.of(new ComparePage.Cell("rev A", "3", "1"), new ComparePage.Cell("rev B", "40", "9")));
    }
}
