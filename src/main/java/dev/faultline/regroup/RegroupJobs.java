package dev.faultline.regroup;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.faultline.cluster.Grouping.Stays;
import dev.faultline.cluster.GroupingDifference;
import dev.faultline.cluster.GroupingDifference.Example;
import dev.faultline.ops.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The rows of regroup jobs. */
@ApplicationScoped
class RegroupJobs {
    /** How long nobody else takes a job whose runner says nothing. */
    static final Duration LEASE = Duration.ofMinutes(2);

    private static final String COLUMNS = """
            select id, dry_run, state, asked_at, asked_by, started_at, finished_at, rules, step, steps_done, steps_all,
                result, error
            from regroup
            """;

    private static final String CLAIM = """
            update regroup set state = 'running', lease = ?, leased_until = ?, started_at = ?, step = null,
                steps_done = 0, steps_all = 0
            where id = (
                select id from regroup
                where state = 'queued' or (state = 'running' and leased_until < ?)
                order by id limit 1 for update skip locked)
            returning id, project_id, dry_run, asked_by
            """;

    private static final String STEP = """
            update regroup set step = ?, steps_done = ?, steps_all = ?, rules = ?, leased_until = ?
            where id = ? and lease = ?
            """;

    private static final String END = """
            update regroup set state = ?, finished_at = ?, error = ?, step = null, lease = null, leased_until = null
            where id = ? and lease = ?
            """;

    private final Transactions transactions;
    private final ObjectMapper json;

    RegroupJobs(Transactions transactions, ObjectMapper json) {
        this.transactions = transactions;
        this.json = json;
    }

    /** A job that one runner has on lease. */
    record Claimed(long id, long projectId, boolean dryRun, String askedBy, UUID lease) {}

    /** Somebody else has the job by now. */
    static final class LeaseLost extends RuntimeException {
        private static final long serialVersionUID = 1;

        LeaseLost(Claimed job) {
            super("regroup " + job.id() + " is somebody else's by now");
        }
    }

    /** A new job; empty while the project has one at work. */
    Optional<Regroup> add(Connection transaction, long projectId, boolean dryRun, String askedBy, Instant now)
            throws SQLException {
        String sql = """
                insert into regroup (project_id, dry_run, state, asked_at, asked_by) values (?, ?, 'queued', ?, ?)
                on conflict do nothing returning id
                """;
        try (var insert = transaction.prepareStatement(sql)) {
            insert.setLong(1, projectId);
            insert.setBoolean(2, dryRun);
            insert.setTimestamp(3, Timestamp.from(now));
            insert.setString(4, askedBy);
            try (var row = insert.executeQuery()) {
                return row.next() ? find(transaction, projectId, row.getLong(1)) : Optional.empty();
            }
        }
    }

    Optional<Regroup> find(Connection connection, long projectId, long id) throws SQLException {
        try (var query = connection.prepareStatement(COLUMNS + "where project_id = ? and id = ?")) {
            query.setLong(1, projectId);
            query.setLong(2, id);
            try (var row = query.executeQuery()) {
                return row.next() ? Optional.of(read(row)) : Optional.empty();
            }
        }
    }

    /** Newest first, below {@code before}. */
    List<Regroup> list(Connection connection, long projectId, long before, int limit) throws SQLException {
        String sql = COLUMNS + "where project_id = ? and id < ? order by id desc limit ?";
        try (var query = connection.prepareStatement(sql)) {
            query.setLong(1, projectId);
            query.setLong(2, before);
            query.setInt(3, limit);
            try (var row = query.executeQuery()) {
                List<Regroup> found = new ArrayList<>();
                while (row.next()) {
                    found.add(read(row));
                }
                return found;
            }
        }
    }

    private Regroup read(ResultSet row) throws SQLException {
        String result = row.getString("result");
        return new Regroup(
                row.getLong("id"),
                row.getBoolean("dry_run"),
                Regroup.State.of(row.getString("state")),
                row.getTimestamp("asked_at").toInstant(),
                row.getString("asked_by"),
                instant(row, "started_at"),
                instant(row, "finished_at"),
                row.getString("rules"),
                row.getString("step"),
                row.getLong("steps_done"),
                row.getLong("steps_all"),
                result == null ? null : read(result, Regroup.Result.class),
                row.getString("error"));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        Timestamp time = row.getTimestamp(column);
        return time == null ? null : time.toInstant();
    }

    /** Changes of a job behind a place, in the order of the list. */
    List<Regroup.Change> changes(Connection connection, long id, int after, int limit) throws SQLException {
        String sql =
                "select place, change from regroup_change where regroup_id = ? and place > ? order by place limit ?";
        try (var query = connection.prepareStatement(sql)) {
            query.setLong(1, id);
            query.setInt(2, after);
            query.setInt(3, limit);
            try (var row = query.executeQuery()) {
                List<Regroup.Change> changes = new ArrayList<>();
                while (row.next()) {
                    changes.add(read(row.getString(2), Regroup.Change.class));
                }
                return changes;
            }
        }
    }

    /** Takes a job that waits, or whose runner has not been heard of for long. */
    Optional<Claimed> claim(Instant now) {
        UUID lease = UUID.randomUUID();
        return transactions.durable(connection -> {
            try (var claim = connection.prepareStatement(CLAIM)) {
                claim.setObject(1, lease);
                claim.setTimestamp(2, Timestamp.from(now.plus(LEASE)));
                claim.setTimestamp(3, Timestamp.from(now));
                claim.setTimestamp(4, Timestamp.from(now));
                try (var row = claim.executeQuery()) {
                    return row.next()
                            ? Optional.of(new Claimed(
                                    row.getLong(1), row.getLong(2), row.getBoolean(3), row.getString(4), lease))
                            : Optional.empty();
                }
            }
        });
    }

    /** Every job that runs waits again: only where no other process works on this database. */
    int takeBack() {
        return transactions.durable(connection -> {
            try (var update = connection.prepareStatement(
                    "update regroup set state = 'queued', lease = null, leased_until = null where state = 'running'")) {
                return update.executeUpdate();
            }
        });
    }

    /** Says how far a job is, and that its runner is there. */
    void step(Claimed job, String step, long done, long all, String rules, Instant now) {
        int written = transactions.repeatable(connection -> {
            try (var update = connection.prepareStatement(STEP)) {
                update.setString(1, step);
                update.setLong(2, done);
                update.setLong(3, all);
                update.setString(4, rules);
                update.setTimestamp(5, Timestamp.from(now.plus(LEASE)));
                update.setLong(6, job.id());
                update.setObject(7, job.lease());
                return update.executeUpdate();
            }
        });
        if (written == 0) {
            throw new LeaseLost(job);
        }
    }

    /** Writes what a job changes, or would change, in the place of what an interrupted run wrote. */
    void result(Connection transaction, Claimed job, GroupingDifference difference) throws SQLException {
        try (var delete = transaction.prepareStatement("delete from regroup_change where regroup_id = ?")) {
            delete.setLong(1, job.id());
            delete.executeUpdate();
        }
        int told = 0;
        String sql = "insert into regroup_change (regroup_id, place, change) values (?, ?, ?::jsonb)";
        try (var insert = transaction.prepareStatement(sql)) {
            for (Regroup.Change change : listed(difference)) {
                insert.setLong(1, job.id());
                insert.setInt(2, change.place());
                insert.setString(3, write(change));
                insert.addBatch();
                told++;
            }
            insert.executeBatch();
        }
        var result = new Regroup.Result(
                difference.crashes(),
                difference.changed(),
                difference.variantsBefore(),
                difference.variantsAfter(),
                difference.clustersBefore(),
                difference.clustersAfter(),
                difference.split().count(),
                difference.joined().count(),
                difference.renamed().count(),
                told);
        try (var update =
                transaction.prepareStatement("update regroup set result = ?::jsonb where id = ? and lease = ?")) {
            update.setString(1, write(result));
            update.setLong(2, job.id());
            update.setObject(3, job.lease());
            if (update.executeUpdate() == 0) {
                throw new LeaseLost(job);
            }
        }
    }

    private static List<Regroup.Change> listed(GroupingDifference difference) {
        List<Regroup.Change> changes = new ArrayList<>();
        for (Example split : difference.split().examples()) {
            changes.add(new Regroup.Change(changes.size() + 1, "split", split));
        }
        for (Example joined : difference.joined().examples()) {
            changes.add(new Regroup.Change(changes.size() + 1, "join", joined));
        }
        for (Example renamed : difference.renamed().examples()) {
            changes.add(new Regroup.Change(changes.size() + 1, "rename", renamed));
        }
        return changes;
    }

    /** Says that the new variants of a job are there, and by what. */
    void laid(Connection transaction, Claimed job, List<Stays> stays, String by) throws SQLException {
        String sql = "update regroup set laid = ?::jsonb, laid_by = ? where id = ? and lease = ?";
        try (var update = transaction.prepareStatement(sql)) {
            update.setString(1, write(stays));
            update.setString(2, by);
            update.setLong(3, job.id());
            update.setObject(4, job.lease());
            if (update.executeUpdate() == 0) {
                throw new LeaseLost(job);
            }
        }
    }

    /** Crashes that stay, if the new variants of a job are there by the same rules. */
    Optional<List<Stays>> laid(Connection connection, Claimed job, String by) throws SQLException {
        try (var query = connection.prepareStatement("select laid from regroup where id = ? and laid_by = ?")) {
            query.setLong(1, job.id());
            query.setString(2, by);
            try (var row = query.executeQuery()) {
                return row.next() ? Optional.of(List.of(read(row.getString(1), Stays[].class))) : Optional.empty();
            }
        }
    }

    /** Ends a job; an error: it failed. */
    void end(Connection transaction, Claimed job, @Nullable String error, Instant now) throws SQLException {
        try (var update = transaction.prepareStatement(END)) {
            update.setString(1, error == null ? Regroup.State.DONE.label() : Regroup.State.FAILED.label());
            update.setTimestamp(2, Timestamp.from(now));
            update.setString(3, error);
            update.setLong(4, job.id());
            update.setObject(5, job.lease());
            if (update.executeUpdate() == 0) {
                throw new LeaseLost(job);
            }
        }
    }

    private <T> T read(String text, Class<T> type) {
        try {
            return json.readValue(text, type);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the database holds a " + type.getSimpleName() + " that is none", e);
        }
    }

    private String write(Object value) {
        try {
            return json.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("it is made of strings, numbers and lists", e);
        }
    }
}
