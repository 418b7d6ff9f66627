package dev.faultline.web;

import io.quarkus.qute.TemplateInstance;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The pages about releases, gates and devices with everything on them, and names that would like to be more than text. */
final class FleetSamplePages {
    private static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");
    private static final String HOSTILE = "<script>alert(1)</script>";
    private static final Badge GO = new Badge("GO", Tone.GREEN, "as good");
    private static final Badge NO_GO = new Badge("NO_GO", Tone.RED, "worse");
    private static final String POLICY = "baseline: previous-stable\nminDevices: 50\n# " + HOSTILE + "\n";

    private FleetSamplePages() {}

    static Map<String, TemplateInstance> all() {
        Map<String, TemplateInstance> pages = new LinkedHashMap<>();
        pages.put("releases", releases());
        pages.put("gates", gates());
        pages.put("gate", gate());
        pages.put("gate-run", gateRun());
        pages.put("devices", devices());
        pages.put("device", device());
        return pages;
    }

    private static Shell shell(String title, Shell.Section section) {
        return new Shell(title, "default", section, new Shell.Reader(null, "pretty", null, null));
    }

    private static Moment hoursAgo(long hours) {
        return new Moment(NOW.minusSeconds(3600 * hours), NOW);
    }

    private static Choice choice(String name) {
        return Choice.of(name, name, "all", List.of("main-fw", HOSTILE), HOSTILE);
    }

    private static LineChart lines() {
        List<LineChart.Series> series = new ArrayList<>();
        for (int line = 0; line < 8; line++) {
            List<@Nullable Double> values = new ArrayList<>();
            for (int day = 0; day < 30; day++) {
                values.add(day == 7 ? null : Double.valueOf((line + 1) * day / 240.0));
            }
            series.add(new LineChart.Series(line == 0 ? HOSTILE : "2." + line + ".0", values));
        }
        return LineChart.of(
                series,
                series.getFirst().values().stream().map(value -> "27 Nov").toList(),
                List.of(new LineChart.Height(0, "0 %"), new LineChart.Height(1, "100 %")),
                0.5,
                List.of(LineChart.mark(3, 30, 0.4, "tone-red", HOSTILE)),
                "Shares of " + HOSTILE);
    }

    private static TemplateInstance releases() {
        return new ReleasesPage(
                shell("Releases", Shell.Section.RELEASES),
                choice("software"),
                lines(),
                lines(),
                List.of(
                        new ReleasesPage.Line(
                                "2.4.0-rc.2+a-rather-long-version-of-the-candidate",
                                true,
                                "2.3.0, " + HOSTILE,
                                "2026-11-20",
                                Sparkline.of(List.of(0, 3, 9, 20), "4 days " + HOSTILE),
                                new Meter("12 %", 6.7, "plain"),
                                "1,204.0",
                                "14 %",
                                "31",
                                NO_GO,
                                "/projects/default/gates/default/runs/7",
                                "/projects/default/crashes",
                                "/projects/default/devices"),
                        new ReleasesPage.Line(
                                HOSTILE, false, null, null, null, null, "0", null, "0", null, null, "/a", "/b")),
                List.of(new ReleasesPage.FindingLine(
                        ReleasePages.badge(dev.faultline.adoption.Finding.Kind.ROLLBACK_STORM),
                        "30 of the 100 devices that ran 2.4.0 went back within a week",
                        "rev-c, beta: 20 a day; " + HOSTILE,
                        "/projects/default/devices",
                        "30")),
                List.of("rev-b", "rev-c · " + HOSTILE),
                List.of(new ReleasesPage.MatrixLine(
                        "2.4.0",
                        List.of(new ReleasesPage.Cell("900.0", "heat-4"), new ReleasesPage.Cell("0", "zero")))),
                "/projects/default/releases?after=7",
                "./faultline releases register");
    }

    private static TemplateInstance gates() {
        return new GatesPage(
                shell("Gates", Shell.Section.GATES),
                List.of(new GatesPage.Row(
                        "default", "/g", "main-fw", "2.4.0 " + HOSTILE, NO_GO, "7", "/r", hoursAgo(3))),
                List.of(new GatesPage.Watch(
                        "beta", HOSTILE, "the newest that runs", hoursAgo(1), "No release " + HOSTILE)),
                "./faultline gate");
    }

    private static List<GatePage.Run> runs() {
        return List.of(
                new GatePage.Run(
                        "8",
                        "/r8",
                        "main-fw 2.4.0",
                        "2.3.0",
                        NO_GO,
                        "2.00 times the baseline's rate within hardware revisions (95 % 1.65 to 2.46, however often one looks)",
                        "ci " + HOSTILE,
                        hoursAgo(2)),
                new GatePage.Run("7", "/r7", "main-fw 2.4.0", "2.3.0", GO, "fine", "watch", hoursAgo(30)));
    }

    private static TemplateInstance gate() {
        return new GatePage(
                shell("Gate default", Shell.Section.GATES),
                "default",
                POLICY,
                runs(),
                "/more",
                "/first",
                "./faultline gate");
    }

    private static TemplateInstance gateRun() {
        return new GateRunPage(
                shell("Run 8", Shell.Section.GATES),
                "main-fw 2.4.0",
                NO_GO,
                "default",
                "/projects/default/gates/default",
                "Worse than 2.3.0, beyond what the policy allows.",
                List.of(
                        new GateRunPage.Rule("crash rate", NO_GO, "2.00 times the baseline's rate " + HOSTILE),
                        new GateRunPage.Rule("min devices", GO, "100 devices ran it, 50 are wanted")),
                List.of(
                        CrashPage.Fact.of("Baseline", "2.3.0"),
                        CrashPage.Fact.of("Evidence", "5.00e+07"),
                        new CrashPage.Fact("Contains the baseline", "yes", null, HOSTILE, false)),
                hoursAgo(2),
                "Later data: 3 crashes and 4.0 device-hours arrived after this verdict.",
                new GateRunPage.Word("jo", "A test rig " + HOSTILE, hoursAgo(1)),
                "/projects/default/gates/default/runs/8/override",
                lines(),
                runs(),
                POLICY,
                "/projects/default/compare");
    }

    private static TemplateInstance devices() {
        return new DevicesPage(
                shell("Devices", Shell.Section.DEVICES),
                "/projects/default/devices",
                HOSTILE,
                List.of(choice("software"), choice("version"), choice("hardware"), choice("finding")),
                "More devices fell silent on it than on other releases",
                List.of(
                        new DevicesPage.Line(
                                "SN-0001-of-a-device-with-a-rather-long-name-" + HOSTILE,
                                "/d",
                                "main-fw 2.4.0",
                                "rev-c",
                                "beta",
                                "silent; it was heard of every 60 minutes or more often",
                                hoursAgo(40)),
                        new DevicesPage.Line("SN-2", "/d2", "unknown", "–", "–", null, hoursAgo(1))),
                true,
                "/projects/default/devices",
                "/more",
                "./faultline crash upload");
    }

    private static TemplateInstance device() {
        return new DevicePage(
                shell("SN-1", Shell.Section.DEVICES),
                "SN-1 " + HOSTILE,
                List.of(CrashPage.Fact.of("Runs", "main-fw 2.4.0"), CrashPage.Fact.of("Up for", "1 d 02:03:04.567")),
                hoursAgo(900),
                hoursAgo(1),
                List.of(new DevicePage.Change(hoursAgo(50), "main-fw", HOSTILE, "rev-c", "beta")),
                List.of(
                        new DevicePage.Event(
                                hoursAgo(3),
                                new Badge("crash", Tone.RED, "a coredump"),
                                "Null pointer " + HOSTILE,
                                "/c"),
                        new DevicePage.Event(
                                hoursAgo(4),
                                new Badge("reboot", Tone.PLAIN, "reported"),
                                "watchdog × 2, on main-fw 2.4.0",
                                null)),
                List.of(CrashPage.Fact.of("region", HOSTILE)),
                List.of(CrashPage.Fact.of("heap_free", "20480")),
                hoursAgo(1),
                "/projects/default/crashes?device=SN-1");
    }
}
