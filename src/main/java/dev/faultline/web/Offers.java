package dev.faultline.web;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** Reads what the filters offer; each list is bounded, since nobody picks from thousands. */
@ApplicationScoped
class Offers {
    private static final String RELEASES = """
            select software, version, registered_at is not null as registered from release
            where project_id = ? and deleted_at is null
            order by first_seen desc, id desc
            limit 200
            """;
    /** From each revision to the next in the index: there are few of them and many devices. */
    private static final String HARDWARE = """
            with recursive revision as (
                (select project_id, hardware from device
                    where project_id = ? and hardware > '' order by hardware limit 1)
                union all
                select r.project_id, (
                    select hardware from device d
                    where d.project_id = r.project_id and d.hardware > r.hardware order by hardware limit 1)
                from revision r where r.hardware is not null
            )
            select hardware from revision where hardware is not null limit 100
            """;

    private static final String REASONS = """
            select distinct reason from cluster
            where project_id = ?
            order by reason
            limit 100
            """;

    private final DataSource database;

    Offers(DataSource database) {
        this.database = database;
    }

    Offered of(long projectId) {
        try (var connection = database.getConnection()) {
            var releases = read(
                    connection,
                    RELEASES,
                    projectId,
                    row -> new Offered.Release(
                            row.getString("software"), row.getString("version"), row.getBoolean("registered")));
            return new Offered(
                    releases.stream()
                            .map(Offered.Release::software)
                            .distinct()
                            .sorted()
                            .toList(),
                    releases,
                    read(connection, HARDWARE, projectId, row -> row.getString(1)),
                    read(connection, REASONS, projectId, row -> row.getString(1)));
        } catch (SQLException e) {
            throw new IllegalStateException("cannot read the names that filters offer", e);
        }
    }

    private interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    private static <T> List<T> read(Connection connection, String sql, long projectId, RowReader<T> reader)
            throws SQLException {
        try (var query = connection.prepareStatement(sql)) {
            query.setLong(1, projectId);
            try (var row = query.executeQuery()) {
                var all = new ArrayList<T>();
                while (row.next()) {
                    all.add(reader.read(row));
                }
                return all;
            }
        }
    }
}
