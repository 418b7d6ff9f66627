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
            select v.id, v.signature, d.crashes,
                (select count(distinct device_id) from variant_device where variant_id = v.id),
                v.provisional, v.needs_symbols, v.joined_because, v.created_at, v.frames
            from variant v
            cross join lateral (select sum(crashes) as crashes from variant_day where variant_id = v.id) d
            where v.cluster_id = ? and d.crashes > 0
            order by d.crashes desc, v.id
            limit ?
            """;

    private static final String BREAKDOWN = """
            select r.version, d.hardware, d.crashes, coalesce(a.devices, 0)
            from (
                select d.release_id, d.hardware, sum(d.crashes) as crashes
                from variant v join variant_day d on d.variant_id = v.id where v.cluster_id = ? group by 1, 2
            ) d
            left join (
                select d.release_id, d.hardware, count(distinct d.device_id) as devices
                from variant v join variant_device d on d.variant_id = v.id where v.cluster_id = ? group by 1, 2
            ) a on a.release_id is not distinct from d.release_id and a.hardware = d.hardware
            left join release r on r.id = d.release_id
            order by d.crashes desc, r.version, d.hardware, r.id
            limit ?
            """;

    /** Newest first for the limit; told oldest first. */
    private static final String TREND = """
            select d.day, r.version, sum(d.crashes)
            from variant v
            join variant_day d on d.variant_id = v.id
            left join release r on r.id = d.release_id
            where v.cluster_id = ?
            group by d.day, r.version
            order by d.day desc, r.version desc nulls last
            limit ?
            """;

    private static final String CRASHES = """
            select c.id, c.effective_at, d.name, r.version, coalesce(c.hardware, ''), c.state, c.variant_id
            from variant v
            cross join lateral (
                select * from crash where variant_id = v.id order by effective_at desc, id desc limit ?
            ) c
            left join device d on d.id = c.device_id
            left join release r on r.id = c.release_id
            where v.cluster_id = ?
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
        try (var statement = Filter.prepare(connection, VARIANTS, List.of(cluster, MOST_VARIANTS));
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
        try (var statement = Filter.prepare(connection, BREAKDOWN, List.of(cluster, cluster, MOST_BREAKDOWN_ROWS));
                var row = statement.executeQuery()) {
            while (row.next()) {
                rows.add(new BreakdownRow(row.getString(1), row.getString(2), row.getLong(3), row.getLong(4)));
            }
        }
        return rows;
    }

    private List<TrendRow> trend() throws SQLException {
        List<TrendRow> rows = new ArrayList<>();
        try (var statement = Filter.prepare(connection, TREND, List.of(cluster, MOST_TREND_ROWS));
                var row = statement.executeQuery()) {
            while (row.next()) {
                rows.add(new TrendRow(row.getObject(1, LocalDate.class), row.getString(2), row.getLong(3)));
            }
        }
        return rows.reversed();
    }

    private List<CrashRow> crashes() throws SQLException {
        List<CrashRow> rows = new ArrayList<>();
        List<Object> values = List.of(LATEST_CRASHES, cluster, LATEST_CRASHES);
        try (var statement = Filter.prepare(connection, CRASHES, values);
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
