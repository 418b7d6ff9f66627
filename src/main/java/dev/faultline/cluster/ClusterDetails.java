package dev.faultline.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.faultline.cluster.ClusterDetail.BreakdownRow;
import dev.faultline.cluster.ClusterDetail.CrashRow;
import dev.faultline.cluster.ClusterDetail.Grouping;
import dev.faultline.cluster.ClusterDetail.TrendRow;
import dev.faultline.cluster.ClusterDetail.VariantRow;
import dev.faultline.fingerprint.FingerprintFrame;
import dev.faultline.ops.Fragment;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Everything about one cluster beside its row in the list. */
final class ClusterDetails {
    private static final int MOST_VARIANTS = 100;
    private static final int MOST_BREAKDOWN_ROWS = 500;
    private static final int MOST_TREND_ROWS = 2000;
    private static final int LATEST_CRASHES = 20;

    private static final TypeReference<List<FingerprintFrame>> FRAMES = new TypeReference<>() {};

    private static final String VARIANTS = """
            select v.id, v.signature, t.crashes, t.devices, v.provisional, v.needs_symbols, v.joined_because, v.created_at,
                v.frames
            from variant_total t join variant v on v.id = t.variant_id
            where t.cluster_id = ?
            order by t.crashes desc, t.variant_id
            limit ?
            """;

    private static final String BREAKDOWN = """
            select r.version, c.hardware, c.crashes, c.devices
            from cluster_count c left join release r on r.id = c.release_id
            where c.cluster_id = ? and c.days = 0 and c.release_id is not null and c.hardware is not null
            order by c.crashes desc, r.version, c.hardware, r.id
            limit ?
            """;

    /** Newest first for the limit; told oldest first. */
    private static final String TREND = """
            select c.day, r.version, sum(c.crashes)
            from cluster_count c left join release r on r.id = c.release_id
            where c.cluster_id = ? and c.days = 1 and c.release_id is not null and c.hardware is null
            group by c.day, r.version
            order by c.day desc, r.version desc nulls last
            limit ?
            """;

    /** The newest crashes of a cluster are among those of as many of its variants, the ones that were seen last. */
    private static final String CRASHES = """
            select c.id, c.effective_at, d.name, r.version, coalesce(c.hardware, ''), c.state, c.variant_id
            from (
                select variant_id from variant_total where cluster_id = ?
                order by last_at desc, last_crash desc limit ?
            ) v
            cross join lateral (
                select * from crash where variant_id = v.variant_id order by effective_at desc, id desc limit ?
            ) c
            left join device d on d.id = c.device_id
            left join release r on r.id = c.release_id
            order by c.effective_at desc, c.id desc
            limit ?
            """;

    private final Connection connection;
    private final ObjectMapper json;
    private final long cluster;

    ClusterDetails(Connection connection, ObjectMapper json, ClusterId cluster) {
        this.connection = connection;
        this.json = json;
        this.cluster = cluster.number();
    }

    ClusterDetail of(ClusterRow row) throws SQLException {
        List<VariantRow> variants = variants();
        return new ClusterDetail(row, variants, breakdown(), trend(), crashes(), grouping(row, variants));
    }

    private static Grouping grouping(ClusterRow row, List<VariantRow> variants) {
        List<FingerprintFrame> frames =
                variants.isEmpty() ? List.of() : variants.getFirst().frames();
        boolean provisional = variants.stream().allMatch(VariantRow::provisional);
        String same =
                "Its crashes have the same software type, the same reason (%s) and the same frames that say where it crashed"
                        .formatted(row.reason());
        String many =
                variants.size() > 1 ? "; in the other frames they differ in %d ways.".formatted(variants.size()) : ".";
        String bound = provisional ? " They are of one build: without symbols or a stack nothing more is known." : "";
        return new Grouping(same + many + bound, frames);
    }

    private List<VariantRow> variants() throws SQLException {
        List<VariantRow> variants = new ArrayList<>();
        try (var statement = Fragment.prepare(connection, VARIANTS, List.of(cluster, MOST_VARIANTS));
                var row = statement.executeQuery()) {
            while (row.next()) {
                variants.add(new VariantRow(
                        row.getLong(1),
                        row.getString(2),
                        row.getLong(3),
                        row.getLong(4),
                        row.getBoolean(5),
                        row.getBoolean(6),
                        row.getString(7),
                        row.getTimestamp(8).toInstant(),
                        frames(row.getString(9))));
            }
        }
        return variants;
    }

    private List<FingerprintFrame> frames(String text) {
        try {
            return json.readValue(text, FRAMES);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("frames of a variant of C-" + cluster + " can not be read", e);
        }
    }

    private List<BreakdownRow> breakdown() throws SQLException {
        List<BreakdownRow> rows = new ArrayList<>();
        try (var statement = Fragment.prepare(connection, BREAKDOWN, List.of(cluster, MOST_BREAKDOWN_ROWS));
                var row = statement.executeQuery()) {
            while (row.next()) {
                rows.add(new BreakdownRow(row.getString(1), row.getString(2), row.getLong(3), row.getLong(4)));
            }
        }
        return rows;
    }

    private List<TrendRow> trend() throws SQLException {
        List<TrendRow> rows = new ArrayList<>();
        try (var statement = Fragment.prepare(connection, TREND, List.of(cluster, MOST_TREND_ROWS));
                var row = statement.executeQuery()) {
            while (row.next()) {
                rows.add(new TrendRow(row.getObject(1, LocalDate.class), row.getString(2), row.getLong(3)));
            }
        }
        return rows.reversed();
    }

    private List<CrashRow> crashes() throws SQLException {
        List<CrashRow> rows = new ArrayList<>();
        List<Object> values = List.of(cluster, LATEST_CRASHES, LATEST_CRASHES, LATEST_CRASHES);
        try (var statement = Fragment.prepare(connection, CRASHES, values);
                var row = statement.executeQuery()) {
            while (row.next()) {
                rows.add(new CrashRow(
                        row.getObject(1, UUID.class),
                        row.getTimestamp(2).toInstant(),
                        row.getString(3),
                        row.getString(4),
                        row.getString(5),
                        row.getString(6),
                        row.getLong(7)));
            }
        }
        return rows;
    }
}
