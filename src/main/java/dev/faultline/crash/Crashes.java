package dev.faultline.crash;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.faultline.access.Project;
import dev.faultline.cluster.ClusterId;
import dev.faultline.cluster.CrashFacts;
import dev.faultline.cluster.RollUps;
import dev.faultline.fingerprint.Fingerprint;
import dev.faultline.http.Page;
import dev.faultline.ops.Fragment;
import dev.faultline.ops.Transactions;
import dev.faultline.symbols.analysis.ClaimedIdentity;
import dev.faultline.symbols.report.CrashIdentity;
import dev.faultline.symbols.report.CrashReport;
import dev.faultline.symbols.report.MissingSymbols;
import dev.faultline.symbols.report.ModuleReport;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The crashes of a project, and what the pipeline writes about them. */
@ApplicationScoped
public class Crashes {

    private static final String COLUMNS = """
            select c.id, c.state, c.state_reason,
                coalesce(d.name, c.claims->>'device') as device,
                coalesce(nullif(c.hardware, ''), c.claims->>'hardware') as hardware,
                coalesce(r.software, c.claims->>'software') as software,
                coalesce(r.version, c.claims->>'version') as version,
                coalesce(c.build_id, c.claims->>'buildId') as build_id,
                c.reason, c.fault, k.id as cluster, k.signature,
                c.captured_at, c.received_at, c.effective_at
            """;

    private static final String JOINED = """
            left join device d on d.id = c.device_id
            left join release r on r.id = c.release_id
            left join variant v on v.id = c.variant_id
            left join cluster k on k.id = v.cluster_id
            """;

    private static final String TABLES = "from crash c " + JOINED;

    private static final String DETAIL = """
            select c.state, c.state_reason, c.claims, c.report, c.fingerprint, c.variant_id, k.id, k.signature,
                v.joined_because, c.sha256, c.size, c.log_sha256, c.attachment_sha256,
                c.captured_at, c.received_at, c.effective_at, c.processed_at, c.ordinal, c.coredumps
            """;

    private static final String SIBLINGS = """
            select s.id, s.ordinal, s.state
            from crash c join crash s on s.project_id = c.project_id and s.sender = c.sender and s.sha256 = c.sha256
            where c.id = ? and s.id <> c.id
            order by s.ordinal
            """;

    private static final String REPORTED = """
            , state = ?, state_reason = null, processed_at = ?, build_id = nullif(?, ''), reason = ?, fault = ?,
                report = ?::json, stack_id = ?""";

    /** Most crashes come once: then there is nothing to delete. */
    private static final String MODULES = """
            with missing as (
                insert into crash_missing_symbols (crash_id, project_id, build_id) select ?, ?, unnest(?)
                on conflict do nothing
            ), found as (
                delete from crash_missing_symbols where crash_id = ? and build_id <> all (?)
            ), images as (
                insert into crash_module (crash_id, project_id, build_id) select ?, ?, unnest(?)
                on conflict do nothing
            )
            delete from crash_module where crash_id = ? and build_id <> all (?)
            """;

    private static final String QUARANTINE =
            "update crash set state = 'quarantined', state_reason = ?, processed_at = ? where id = ?";

    private final Transactions transactions;
    private final RollUps rollUps;
    private final ObjectMapper json;

    Crashes(Transactions transactions, RollUps rollUps, ObjectMapper json) {
        this.rollUps = rollUps;
        this.transactions = transactions;
        this.json = json;
    }

    /** Crashes, newest first by {@link CrashRow#effectiveAt}, then by id. */
    public Page<CrashRow> list(long projectId, CrashQuery query, Instant now) {
        Place place = query.after() == null ? null : Place.parse(query.after());
        var terms = query.terms();
        if (!terms.terms().isEmpty()) {
            rollUps.catchUp(projectId);
        }
        return transactions.read(connection -> {
            var found = CrashSearch.newest(connection, projectId, terms, place, query.limit() + 1, now);
            var list = new Fragment(COLUMNS + "from (")
                    .append(found)
                    .append(") c\n" + JOINED + "order by c.effective_at desc, c.id desc limit ?", query.limit() + 1);
            try (var select = list.prepare(connection)) {
                return page(select, query.limit());
            }
        });
    }

    private static Page<CrashRow> page(PreparedStatement select, int limit) throws SQLException {
        var rows = new ArrayList<CrashRow>();
        try (var row = select.executeQuery()) {
            while (row.next()) {
                rows.add(row(row));
            }
        }
        if (rows.size() <= limit) {
            return new Page<>(rows, null);
        }
        var shown = rows.subList(0, limit);
        var last = shown.getLast();
        return new Page<>(shown, new Place(last.effectiveAt(), last.id()).toString());
    }

    private static CrashRow row(ResultSet row) throws SQLException {
        return new CrashRow(
                row.getObject("id", UUID.class),
                CrashState.of(row.getString("state")),
                row.getString("state_reason"),
                row.getString("device"),
                row.getString("hardware"),
                row.getString("software"),
                row.getString("version"),
                row.getString("build_id"),
                row.getString("reason"),
                row.getString("fault"),
                cluster(row.getObject("cluster", Long.class), row.getString("signature")),
                instant(row, "captured_at"),
                row.getObject("received_at", OffsetDateTime.class).toInstant(),
                row.getObject("effective_at", OffsetDateTime.class).toInstant());
    }

    /** One crash with its report, if the project has it. */
    public Optional<CrashDetail> detail(Project project, UUID id) {
        String sql = DETAIL + TABLES + "where c.project_id = ? and c.id = ?";
        return transactions.read(connection -> {
            try (var select = connection.prepareStatement(sql)) {
                select.setLong(1, project.id());
                select.setObject(2, id);
                try (var row = select.executeQuery()) {
                    return row.next()
                            ? Optional.of(detail(project, id, row, siblings(connection, id)))
                            : Optional.empty();
                }
            }
        });
    }

    private static List<Sibling> siblings(Connection connection, UUID id) throws SQLException {
        try (var select = connection.prepareStatement(SIBLINGS)) {
            select.setObject(1, id);
            var siblings = new ArrayList<Sibling>();
            try (var row = select.executeQuery()) {
                while (row.next()) {
                    siblings.add(
                            new Sibling(row.getObject(1, UUID.class), row.getInt(2), CrashState.of(row.getString(3))));
                }
            }
            return List.copyOf(siblings);
        }
    }

    private CrashDetail detail(Project project, UUID id, ResultSet row, List<Sibling> siblings) throws SQLException {
        var said = read(row.getString("claims"), ClaimedIdentity.class);
        var report = row.getString("report");
        var fingerprint = row.getString("fingerprint");
        String path = "/projects/%s/crashes/%s".formatted(project.name(), id);
        return new CrashDetail(
                id,
                CrashState.of(row.getString("state")),
                row.getString("state_reason"),
                new CrashIdentity(
                        said.device(),
                        said.hardware(),
                        said.software(),
                        said.version(),
                        said.buildId(),
                        null,
                        null,
                        null),
                report == null ? null : read(report, CrashReport.class),
                cluster(row.getObject("id", Long.class), row.getString("signature")),
                row.getObject("variant_id", Long.class),
                fingerprint == null ? null : read(fingerprint, Fingerprint.class),
                row.getString("joined_because"),
                new CrashDetail.Upload(
                        row.getString("sha256"),
                        row.getLong("size"),
                        row.getString("log_sha256"),
                        row.getString("attachment_sha256"),
                        row.getInt("ordinal"),
                        row.getInt("coredumps"),
                        siblings),
                instant(row, "captured_at"),
                row.getObject("received_at", OffsetDateTime.class).toInstant(),
                row.getObject("effective_at", OffsetDateTime.class).toInstant(),
                instant(row, "processed_at"),
                new CrashDetail.Links(
                        "/api/v1" + path, "/api/v1" + path + "/coredump", "/api/v1" + path + "/coredump?as=elf", path));
    }

    /**
     * Where the coredump of a crash is.
     *
     * @param ordinal which of the coredumps in the bytes it is
     * @param claims what the upload said of the device
     */
    public record Stored(String sha256, int ordinal, ClaimedIdentity claims) {}

    /** Where a crash's coredump is, if the project has the crash. */
    public Optional<Stored> coredump(long projectId, UUID id) {
        return transactions.read(connection -> {
            try (var select = connection.prepareStatement(
                    "select sha256, ordinal, claims from crash where project_id = ? and id = ?")) {
                select.setLong(1, projectId);
                select.setObject(2, id);
                try (var row = select.executeQuery()) {
                    return row.next()
                            ? Optional.of(new Stored(
                                    row.getString(1), row.getInt(2), read(row.getString(3), ClaimedIdentity.class)))
                            : Optional.empty();
                }
            }
        });
    }

    /**
     * What the pipeline made of a crash, as {@link CrashFacts#more} of its row.
     *
     * @param stack its crashed stack among {@link Stacks}
     */
    public Fragment reported(CrashReport report, long stack, Instant now) {
        var state = report.missingSymbols().isEmpty() ? CrashState.PROCESSED : CrashState.NEEDS_SYMBOLS;
        String buildId = report.identity().buildId();
        return new Fragment(
                REPORTED,
                state.label(),
                now,
                buildId == null ? "" : buildId,
                report.reason().label(),
                withoutNul(report.fault().sentence()),
                write(report),
                stack);
    }

    /** Writes which symbols a crash waits for, and which images it has. */
    public void keepModules(Connection transaction, long projectId, UUID crash, CrashReport report)
            throws SQLException {
        String[] missing =
                report.missingSymbols().stream().map(MissingSymbols::buildId).toArray(String[]::new);
        String[] images = report.modules().stream()
                .map(ModuleReport::buildId)
                .filter(Objects::nonNull)
                .toArray(String[]::new);
        Fragment.update(
                transaction,
                MODULES,
                crash,
                projectId,
                missing,
                crash,
                missing,
                crash,
                projectId,
                images,
                crash,
                images);
    }

    /** Sets a crash aside; a report that it had before stays. */
    public void quarantine(Connection transaction, UUID crash, String reason, Instant now) throws SQLException {
        try (var update = transaction.prepareStatement(QUARANTINE)) {
            update.setString(1, withoutNul(reason));
            update.setObject(2, time(now));
            update.setObject(3, crash);
            update.executeUpdate();
        }
    }

    /** PostgreSQL's text has no NUL. */
    private static String withoutNul(String text) {
        return text.replace('\0', '\ufffd');
    }

    private <T> T read(String text, Class<T> type) {
        try {
            return json.readValue(text, type);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the database holds a " + type.getSimpleName() + " that is none", e);
        }
    }

    private String write(CrashReport report) {
        try {
            return json.writeValueAsString(report);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a report is made of strings, numbers and lists", e);
        }
    }

    private static @Nullable CrashCluster cluster(@Nullable Long id, @Nullable String signature) {
        return id == null || signature == null ? null : new CrashCluster(new ClusterId(id), signature);
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        var time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    private static @Nullable OffsetDateTime time(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }
}
