package dev.faultline.web;

import dev.faultline.access.Project;
import dev.faultline.cluster.ClusterDetail;
import dev.faultline.cluster.ClusterId;
import dev.faultline.cluster.ClusterRow;
import dev.faultline.crash.CrashDetail;
import dev.faultline.crash.CrashField;
import dev.faultline.crash.CrashQuery;
import dev.faultline.crash.CrashState;
import dev.faultline.crash.Crashes;
import dev.faultline.http.Page;
import dev.faultline.http.Problem;
import dev.faultline.symbolfile.UploadCommand;
import dev.faultline.symbols.report.CrashIdentity;
import dev.faultline.symbols.report.CrashReport;
import dev.faultline.symbols.report.LogLine;
import dev.faultline.symbols.report.TextReport;
import dev.faultline.symbols.report.ThreadReport;
import dev.faultline.web.CrashPage.Fact;
import dev.faultline.web.CrashPage.Notice;
import jakarta.enterprise.context.RequestScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** From crashes as they are stored to the pages that show them. */
@RequestScoped
class CrashPages {
    /** The parameters of the list's address. */
    static final List<String> PARAMETERS =
            List.of("q", "device", "state", "software", "release", "hardware", "reason", "since", "cluster", "after");

    private static final int ROWS = 50;
    private static final int MOST_THREADS = 64;
    private static final int SHORT_BUILD_ID = 12;
    /** Levels that the stylesheet colours. */
    private static final Set<String> LEVELS = Set.of("e", "w", "i", "d");

    private final Visit visit;
    private final Crashes crashes;
    private final Offers offers;

    CrashPages(Visit visit, Crashes crashes, Offers offers) {
        this.visit = visit;
        this.crashes = crashes;
        this.offers = offers;
    }

    CrashListPage list(Project project, Filters filters, Instant now) {
        String cluster = filters.get("cluster");
        var search = Search.parse(filters.text("q"), List.of(CrashField.values()));
        var query = new CrashQuery(
                cluster == null ? null : ClusterId.parse(cluster),
                filters.get("device"),
                filters.get("software"),
                filters.get("release"),
                filters.get("hardware"),
                filters.get("reason"),
                state(filters.get("state")),
                Span.start(filters.get("since"), now),
                search.query(),
                filters.get("after"),
                ROWS);
        var found = search.search().trouble() == null
                ? crashes.list(project.id(), query, now)
                : new Page<dev.faultline.crash.CrashRow>(List.of(), null);
        Offered offered = offers.of(project.id());
        Address here = filters.on(Address.ofProject(project.name(), "crashes"));
        return new CrashListPage(
                visit.shell("Crashes", project.name(), Shell.Section.CRASHES),
                search.search(),
                Stream.concat(Stream.of(states(filters)), offered.choices(filters).stream())
                        .toList(),
                filters.text("device"),
                cluster,
                filters.narrow(),
                found.items().stream().map(row -> row(project, row, now)).toList(),
                found.next() == null ? null : here.with("after", found.next()).toString(),
                filters.get("after") == null ? null : here.toString(),
                Commands.firstCrash(project));
    }

    private static Choice states(Filters filters) {
        var labels = Arrays.stream(CrashState.values()).map(CrashState::label).toList();
        return Choice.of("state", "State", "all", labels, filters.get("state"));
    }

    private static @Nullable CrashState state(@Nullable String label) {
        if (label == null) {
            return null;
        }
        return Arrays.stream(CrashState.values())
                .filter(state -> state.label().equals(label))
                .findFirst()
                .orElseThrow(() -> Problem.badRequest("bad-parameter", "No crash has the state %s.", label));
    }

    CrashPage page(Project project, CrashDetail crash, Instant now) {
        CrashReport report = crash.report();
        CrashIdentity identity = report == null ? crash.claims() : report.identity();
        var cluster = crash.cluster();
        var link = cluster == null
                ? null
                : new CrashPage.ClusterLink(
                        cluster.id().toString(),
                        ClusterPages.address(project, cluster.id()),
                        Signature.of(
                                cluster.signature(),
                                report == null ? "" : report.reason().label()));
        ThreadReport crashed = report == null ? null : report.crashedThread();
        List<LogLine> log = report == null ? List.of() : report.logs();
        int earlier = Math.max(0, log.size() - CrashPage.MOST_LOG_LINES);
        var origins = log.stream().map(LogLine::origins).distinct().limit(2).toList();
        Prose sentence = Prose.of(sentence(crash));
        return new CrashPage(
                visit.shell(sentence.text(), project.name(), Shell.Section.CRASHES),
                crash.id().toString(),
                address(project, crash.id()),
                crash.state() == CrashState.QUEUED,
                report == null ? null : Reason.of(report.reason().label()),
                sentence,
                access(report),
                report != null && report.fault().imprecise(),
                notice(crash),
                facts(project, crash, identity, now),
                link,
                crashed == null ? null : stack(project, crash, crashed),
                report == null
                        ? List.of()
                        : report.threads().stream()
                                .filter(thread -> !thread.equals(crashed))
                                .limit(MOST_THREADS)
                                .map(StackView::of)
                                .toList(),
                report == null ? null : text(report),
                report == null
                        ? List.of()
                        : report.registers().entrySet().stream()
                                .map(register ->
                                        register(register, report.pointers().get(register.getKey())))
                                .toList(),
                report == null ? List.of() : report.fault().registers(),
                log.subList(earlier, log.size()).stream()
                        .map(line -> line(line, origins.size() == 1))
                        .toList(),
                earlier,
                origins.size() == 1 ? String.join(", ", origins.getFirst()) : "",
                report == null ? List.of() : report.modules(),
                missing(project, report),
                report == null ? List.of() : report.warnings(),
                grouping(project, crash),
                downloads(crash));
    }

    static String address(Project project, UUID crash) {
        return Address.ofProject(project.name(), "crashes", crash.toString()).toString();
    }

    /** The report as people paste it. */
    static String text(CrashReport report) {
        return TextReport.of(report);
    }

    /** The stack that a crash was grouped by, with the ways from its frames to rules. */
    static StackView stack(Project project, CrashDetail crash, ThreadReport crashed) {
        var fingerprint = crash.grouping();
        return fingerprint == null
                ? StackView.of(crashed)
                : StackView.of(crashed, fingerprint.frames(), new RuleLinks(project, fingerprint.software()));
    }

    private static String sentence(CrashDetail crash) {
        if (crash.report() != null) {
            return crash.report().fault().sentence();
        }
        return switch (crash.state()) {
            case QUEUED -> "Waiting to be read";
            case QUARANTINED -> "This coredump could not be read";
            // a row between the two states of one transaction is not seen; should it ever be, say what is known
            case PROCESSED, NEEDS_SYMBOLS -> "This crash has no report";
        };
    }

    private static @Nullable Prose access(@Nullable CrashReport report) {
        if (report == null || report.fault().access() == null) {
            return null;
        }
        return Prose.of("The instruction " + report.fault().access());
    }

    private static @Nullable Notice notice(CrashDetail crash) {
        return switch (crash.state()) {
            case PROCESSED -> null;
            case QUEUED ->
                new Notice(
                        "Queued",
                        crash.report() == null
                                ? "The coredump is stored and safe; it is read in a moment, and this page follows by itself."
                                : "It is read again, because something that it needs has arrived. Below is what was known before.",
                        Tone.BLUE);
            case NEEDS_SYMBOLS ->
                new Notice(
                        "Needs symbols",
                        "The crash is stored and counted, but frames stay unnamed until the debug file below is uploaded."
                                + " It is then read again by itself and moves to the cluster where it belongs.",
                        Tone.AMBER);
            case QUARANTINED ->
                new Notice(
                        "Set aside",
                        (crash.stateReason() == null ? "" : crash.stateReason() + ". ")
                                + "Its bytes are kept as they came: they can be downloaded below, and read again when the reason is gone.",
                        Tone.RED);
        };
    }

    private static List<Fact> facts(Project project, CrashDetail crash, CrashIdentity identity, Instant now) {
        var facts = new ArrayList<Fact>();
        if (identity.device() != null) {
            String url = Address.ofProject(project.name(), "crashes")
                    .with("device", identity.device())
                    .toString();
            facts.add(new Fact("Device", identity.device(), url, "All crashes of this device", false));
        }
        if (identity.hardware() != null) {
            facts.add(Fact.of("Hardware", identity.hardware()));
        }
        if (identity.software() != null || identity.version() != null) {
            facts.add(Fact.of("Software", release(identity.software(), identity.version())));
        }
        if (identity.uptimeMillis() != null) {
            facts.add(Fact.of("Uptime", Words.uptime(identity.uptimeMillis())));
        }
        facts.addAll(siblings(project, crash.upload()));
        var happened = new Moment(crash.effectiveAt(), now);
        facts.add(new Fact("Happened", happened.ago(), null, happened.exact(), false));
        if (identity.reason() != null) {
            facts.add(Fact.of("The device says", identity.reason()));
        }
        if (identity.message() != null) {
            facts.add(Fact.of("Message", identity.message()));
        }
        if (identity.buildId() != null) {
            String id = identity.buildId();
            facts.add(new Fact(
                    "Build id",
                    id.length() > SHORT_BUILD_ID ? id.substring(0, SHORT_BUILD_ID) + "…" : id,
                    null,
                    id,
                    true));
        }
        return facts;
    }

    /** Where in an upload of several coredumps the crash is, and the way to its neighbours. */
    private static List<Fact> siblings(Project project, CrashDetail.Upload upload) {
        if (upload.coredumps() == 1) {
            return List.of();
        }
        var facts = new ArrayList<Fact>();
        facts.add(Fact.of("Upload", "coredump %d of %d".formatted(upload.ordinal(), upload.coredumps())));
        for (var sibling : upload.siblings()) {
            facts.add(Fact.link(
                    "Beside it",
                    "coredump %d of %d".formatted(sibling.ordinal(), upload.coredumps()),
                    address(project, sibling.id())));
        }
        return facts;
    }

    private static String release(@Nullable String software, @Nullable String version) {
        if (software == null) {
            return version == null ? "unknown" : version;
        }
        return version == null ? software : software + " " + version;
    }

    private static CrashPage.Register register(Map.Entry<String, String> register, @Nullable String target) {
        return new CrashPage.Register(register.getKey(), register.getValue(), target == null ? null : Prose.of(target));
    }

    private static CrashPage.Line line(LogLine line, boolean oneOrigin) {
        String level = line.level() == null ? "" : line.level().toLowerCase(Locale.ROOT);
        String time = line.time() == null ? "" : line.time();
        return new CrashPage.Line(
                line.uptimeMillis() == null ? time : Words.uptime(line.uptimeMillis()),
                LEVELS.contains(level) ? level : "",
                line.source() == null ? "" : line.source(),
                line.text(),
                oneOrigin ? "" : String.join(", ", line.origins()));
    }

    private static List<CrashPage.Missing> missing(Project project, @Nullable CrashReport report) {
        if (report == null) {
            return List.of();
        }
        return report.missingSymbols().stream()
                .map(file -> new CrashPage.Missing(
                        file.buildId(),
                        file.software() == null && file.version() == null
                                ? null
                                : release(file.software(), file.version()),
                        UploadCommand.of(project, "FILE", file.software(), file.version())))
                .toList();
    }

    private static CrashPage.@Nullable Grouping grouping(Project project, CrashDetail crash) {
        var fingerprint = crash.grouping();
        if (fingerprint == null) {
            return null;
        }
        var reasons = new ArrayList<String>();
        if (crash.joinedBecause() != null) {
            reasons.add(crash.joinedBecause());
        }
        reasons.addAll(fingerprint.notes());
        var links = new RuleLinks(project, fingerprint.software());
        return new CrashPage.Grouping(
                reasons,
                fingerprint.frames().stream()
                        .map(frame -> CrashPage.GroupedFrame.of(frame, links))
                        .toList());
    }

    private static List<CrashPage.Link> downloads(CrashDetail crash) {
        var links = new ArrayList<CrashPage.Link>();
        links.add(new CrashPage.Link(
                "Coredump as it was sent (%s)"
                        .formatted(Words.bytes(crash.upload().size())),
                crash.links().coredump()));
        if (crash.report() != null) {
            links.add(new CrashPage.Link("ELF core for gdb", crash.links().elf()));
        }
        links.add(new CrashPage.Link("Report as JSON", crash.links().self()));
        return links;
    }

    private static CrashRow row(Project project, dev.faultline.crash.CrashRow row, Instant now) {
        String id = row.id().toString();
        var cluster = row.cluster();
        var signature =
                cluster == null ? null : Signature.of(cluster.signature(), row.reason() == null ? "" : row.reason());
        return new CrashRow(
                address(project, row.id()),
                signature,
                switch (row.state()) {
                    case QUEUED -> "Waiting to be read";
                    case QUARANTINED -> "Could not be read";
                    case PROCESSED, NEEDS_SYMBOLS -> id;
                },
                id,
                row.fault() == null || row.stateReason() != null
                        ? row.stateReason()
                        : Prose.of(row.fault()).text(),
                row.reason() == null ? null : Reason.of(row.reason()),
                badge(row.state()),
                row.device(),
                row.device() == null
                        ? null
                        : Address.ofProject(project.name(), "crashes")
                                .with("device", row.device())
                                .toString(),
                row.software() == null && row.version() == null ? null : release(row.software(), row.version()),
                row.hardware(),
                new Moment(row.effectiveAt(), now));
    }

    /** A crash in its cluster's own list, where the signature would say the same in every row. */
    static CrashRow row(Project project, ClusterRow cluster, ClusterDetail.CrashRow row, Instant now) {
        return new CrashRow(
                address(project, row.id()),
                null,
                row.id().toString(),
                null,
                null,
                null,
                badge(CrashState.of(row.state())),
                row.device(),
                row.device() == null
                        ? null
                        : Address.ofProject(project.name(), "crashes")
                                .with("device", row.device())
                                .toString(),
                row.release() == null ? null : release(cluster.software(), row.release()),
                row.hardware().isEmpty() ? null : row.hardware(),
                new Moment(row.at(), now));
    }

    private static @Nullable Badge badge(CrashState state) {
        return switch (state) {
            case PROCESSED -> null;
            case QUEUED -> new Badge("queued", Tone.BLUE, "Stored; it is read in a moment");
            case NEEDS_SYMBOLS -> Badge.of("needs-symbols");
            case QUARANTINED -> new Badge("quarantined", Tone.RED, "Could not be read; its bytes are kept");
        };
    }
}
