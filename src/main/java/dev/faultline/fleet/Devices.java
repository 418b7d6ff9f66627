package dev.faultline.fleet;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.faultline.http.Page;
import dev.faultline.ops.Fragment;
import dev.faultline.ops.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The devices of a project, as they are read. */
@ApplicationScoped
public class Devices {
    private static final int MOST_CHANGES = 500;
    private static final int MOST_REBOOTS = 50;
    private static final double MILLIS_A_SECOND = 1000;

    private static final String DEVICES = """
            select d.id, d.name, d.hardware, r.software, r.version, d.cohort, d.attributes, d.first_seen, d.last_seen
            from device d left join release r on r.id = d.release_id
            where d.project_id = ? and\s""";

    private static final String HISTORY = """
            select h.since, h.software, r.version, h.hardware, h.cohort
            from device_history h join release r on r.id = h.release_id
            where h.device_id = ? order by h.since desc, h.software limit ?
            """;

    private static final String LAST = """
            select h.at, h.received_at, h.boot, h.sequence, h.uptime_ms, h.interval_ms, h.crash_free_ms, h.reboots, h.metrics
            from device d
            join heartbeat h on h.device_id = d.id and h.at = d.beat_at and h.boot = d.beat_boot and h.sequence = d.beat_sequence
            where d.id = ?
            """;

    private static final String REBOOTS = """
            select h.at, r.software, r.version, h.reboots
            from heartbeat h join release r on r.id = h.release_id
            where h.device_id = ? and h.reboots is not null
            order by h.at desc, h.id desc limit ?
            """;

    private final Transactions transactions;
    private final ObjectMapper json;

    Devices(Transactions transactions, ObjectMapper json) {
        this.transactions = transactions;
        this.json = json;
    }

    /** By name, those behind {@code after}. */
    public Page<Device> list(long projectId, DeviceFilter filter, int limit, @Nullable String after) {
        var query = new Fragment(DEVICES, projectId)
                .append("d.name > ?", after == null ? "" : after)
                .append(filter.conditions())
                .append(" order by d.name limit ?", limit + 1);
        return transactions.read(connection -> {
            List<Device> devices = new ArrayList<>();
            try (var statement = query.prepare(connection);
                    var row = statement.executeQuery()) {
                while (row.next()) {
                    devices.add(device(row));
                }
            }
            boolean more = devices.size() > limit;
            List<Device> shown = more ? devices.subList(0, limit) : devices;
            return new Page<>(shown, more ? shown.getLast().name() : null);
        });
    }

    public Optional<DeviceDetail> find(long projectId, String project, String name) {
        var query = new Fragment(DEVICES, projectId).append("d.name = ?", name);
        return transactions.snapshot(connection -> {
            try (var statement = query.prepare(connection);
                    var row = statement.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                long id = row.getLong(1);
                return Optional.of(new DeviceDetail(
                        device(row),
                        history(connection, id),
                        last(connection, id),
                        reboots(connection, id),
                        "/api/v1/projects/%s/crashes?device=%s"
                                .formatted(project, URLEncoder.encode(name, StandardCharsets.UTF_8))));
            }
        });
    }

    private Device device(ResultSet row) throws SQLException {
        return new Device(
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                row.getString(6),
                node(row.getString(7)),
                instant(row, 8),
                instant(row, 9));
    }

    private static List<DeviceDetail.Change> history(Connection connection, long device) throws SQLException {
        List<DeviceDetail.Change> changes = new ArrayList<>();
        try (var query = Fragment.prepare(connection, HISTORY, List.of(device, MOST_CHANGES));
                var row = query.executeQuery()) {
            while (row.next()) {
                changes.add(new DeviceDetail.Change(
                        instant(row, 1), row.getString(2), row.getString(3), row.getString(4), row.getString(5)));
            }
        }
        return changes;
    }

    private DeviceDetail.@Nullable LastHeartbeat last(Connection connection, long device) throws SQLException {
        try (var query = Fragment.prepare(connection, LAST, List.of(device));
                var row = query.executeQuery()) {
            return row.next()
                    ? new DeviceDetail.LastHeartbeat(
                            instant(row, 1),
                            instant(row, 2),
                            row.getString(3),
                            row.getLong(4),
                            seconds(row, 5),
                            seconds(row, 6),
                            seconds(row, 7),
                            node(row.getString(8)),
                            node(row.getString(9)))
                    : null;
        }
    }

    private List<DeviceDetail.Reboots> reboots(Connection connection, long device) throws SQLException {
        List<DeviceDetail.Reboots> reboots = new ArrayList<>();
        try (var query = Fragment.prepare(connection, REBOOTS, List.of(device, MOST_REBOOTS));
                var row = query.executeQuery()) {
            while (row.next()) {
                JsonNode reasons = node(row.getString(4));
                if (reasons != null) {
                    reboots.add(new DeviceDetail.Reboots(instant(row, 1), row.getString(2), row.getString(3), reasons));
                }
            }
        }
        return reboots;
    }

    private @Nullable JsonNode node(@Nullable String text) {
        try {
            return text == null ? null : json.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the database holds JSON that is none", e);
        }
    }

    private static @Nullable Double seconds(ResultSet row, int column) throws SQLException {
        long millis = row.getLong(column);
        return row.wasNull() ? null : Double.valueOf(millis / MILLIS_A_SECOND);
    }

    private static Instant instant(ResultSet row, int column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
