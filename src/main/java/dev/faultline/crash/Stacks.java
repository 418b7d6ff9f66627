package dev.faultline.crash;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.faultline.fingerprint.FingerprintInput;
import dev.faultline.ops.Transactions;
import dev.faultline.symbols.report.CrashReport;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.LongConsumer;

/** The crashed stacks of a project, each once: what fingerprints are made of. */
@ApplicationScoped
public class Stacks {
    private static final String KNOWN = "select id from stack where project_id = ? and sha256 = ?";

    private static final String ADD = """
            insert into stack (project_id, sha256, input) values (?, ?, ?::json)
            on conflict (project_id, sha256) do nothing
            returning id
            """;

    private static final String OF_CRASHES = "update crash set stack_id = ? where id = any(?::uuid[])";

    private static final String EACH = "select id, input from stack where project_id = ? order by id";

    private static final String SOME = "select id, input from stack where project_id = ? and id = any(?) order by id";

    /** Newest first, so that a preview over the newest ones finds them. */
    private static final String WITHOUT = """
            select id, report from crash
            where project_id = ? and stack_id is null and variant_id is not null and report is not null
            order by effective_at desc, id desc limit ?
            for no key update skip locked
            """;

    /** A stack has up to 512 frames; most have ten. */
    private static final int AT_ONCE = 200;

    /** Reports may be large. */
    private static final int REPORTS_AT_ONCE = 50;

    private final Transactions transactions;
    private final ObjectMapper json;

    public Stacks(Transactions transactions, ObjectMapper json) {
        this.transactions = transactions;
        this.json = json;
    }

    /** One stack, as the report that {@link FingerprintInput} makes. */
    public record Stack(long id, CrashReport input) {}

    /** What is done with each stack. */
    @FunctionalInterface
    public interface Taker {
        void take(Stack stack) throws SQLException;
    }

    /** The id of a report's crashed stack, which is there from now on: no stack ever goes away. */
    public long id(long projectId, CrashReport report) {
        Input input = input(report);
        long known = transactions.read(connection -> known(connection, projectId, input.sha256()));
        return known != 0 ? known : transactions.repeatable(transaction -> kept(transaction, projectId, input));
    }

    /** What goes into a row. */
    private record Input(String sha256, String text) {}

    private Input input(CrashReport report) {
        String text = write(FingerprintInput.of(report));
        return new Input(sha256(text), text);
    }

    private static long kept(Connection transaction, long projectId, Input input) throws SQLException {
        long stack = known(transaction, projectId, input.sha256());
        while (stack == 0) { // one that somebody else added meanwhile is there for the next look
            stack = add(transaction, projectId, input.sha256(), input.text());
            stack = stack == 0 ? known(transaction, projectId, input.sha256()) : stack;
        }
        return stack;
    }

    private static long known(Connection transaction, long projectId, String sha256) throws SQLException {
        try (var query = transaction.prepareStatement(KNOWN)) {
            query.setLong(1, projectId);
            query.setString(2, sha256);
            try (var row = query.executeQuery()) {
                return row.next() ? row.getLong(1) : 0;
            }
        }
    }

    private static long add(Connection transaction, long projectId, String sha256, String input) throws SQLException {
        try (var insert = transaction.prepareStatement(ADD)) {
            insert.setLong(1, projectId);
            insert.setString(2, sha256);
            insert.setString(3, input);
            try (var row = insert.executeQuery()) {
                return row.next() ? row.getLong(1) : 0;
            }
        }
    }

    /**
     * Reads the reports of crashes that came before there were stacks, newest first, a few in each transaction.
     *
     * @param most how many at most
     * @param done told how many it were so far
     */
    public void fill(long projectId, long most, LongConsumer done) {
        long filled = 0;
        int found = REPORTS_AT_ONCE;
        while (found == REPORTS_AT_ONCE && filled < most) {
            int wanted = (int) Math.min(REPORTS_AT_ONCE, most - filled);
            found = transactions.repeatable(transaction -> fill(transaction, projectId, wanted));
            filled += found;
            done.accept(filled);
        }
    }

    private int fill(Connection transaction, long projectId, int most) throws SQLException {
        // by hash, as everybody does who adds several: so they never wait for each other
        Map<Input, List<UUID>> crashes = new TreeMap<>(Comparator.comparing(Input::sha256));
        int found = 0;
        try (var query = transaction.prepareStatement(WITHOUT)) {
            query.setLong(1, projectId);
            query.setInt(2, most);
            try (var row = query.executeQuery()) {
                for (; row.next(); found++) {
                    crashes.computeIfAbsent(input(read(row.getString(2))), _ -> new ArrayList<>())
                            .add(row.getObject(1, UUID.class));
                }
            }
        }
        for (var of : crashes.entrySet()) {
            long stack = kept(transaction, projectId, of.getKey());
            try (var update = transaction.prepareStatement(OF_CRASHES)) {
                update.setLong(1, stack);
                update.setArray(
                        2, transaction.createArrayOf("uuid", of.getValue().toArray()));
                update.executeUpdate();
            }
        }
        return found;
    }

    /** How many crashes have no stack yet that could have one. */
    public long unfilled(long projectId) {
        return count(
                "select count(*) from crash where project_id = ? and stack_id is null and variant_id is not null"
                        + " and report is not null",
                projectId);
    }

    /** How many stacks a project has. */
    public long count(long projectId) {
        return count("select count(*) from stack where project_id = ?", projectId);
    }

    private long count(String sql, long projectId) {
        return transactions.read(connection -> {
            try (var query = connection.prepareStatement(sql)) {
                query.setLong(1, projectId);
                try (var row = query.executeQuery()) {
                    row.next();
                    return row.getLong(1);
                }
            }
        });
    }

    /** Hands over all stacks of a project, by id, a few in memory at a time. */
    public void each(long projectId, Taker taker) {
        transactions.repeatable(
                connection -> { // a cursor lives in a transaction
                    try (var query = connection.prepareStatement(EACH)) {
                        query.setFetchSize(AT_ONCE);
                        query.setLong(1, projectId);
                        try (var row = query.executeQuery()) {
                            while (row.next()) {
                                taker.take(new Stack(row.getLong(1), read(row.getString(2))));
                            }
                            return 0;
                        }
                    }
                });
    }

    /** Hands over the stacks with these ids, by id, with a connection of the caller. */
    public void some(Connection connection, long projectId, List<Long> ids, Taker taker) throws SQLException {
        for (int from = 0; from < ids.size(); from += AT_ONCE) {
            List<Long> part = ids.subList(from, Math.min(ids.size(), from + AT_ONCE));
            try (var query = connection.prepareStatement(SOME)) {
                query.setLong(1, projectId);
                query.setArray(2, connection.createArrayOf("bigint", part.toArray()));
                try (var row = query.executeQuery()) {
                    while (row.next()) {
                        taker.take(new Stack(row.getLong(1), read(row.getString(2))));
                    }
                }
            }
        }
    }

    private CrashReport read(String text) {
        try {
            return json.readValue(text, CrashReport.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the database holds a report that is none", e);
        }
    }

    private String write(CrashReport input) {
        try {
            return json.writeValueAsString(input);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a report is made of strings, numbers and lists", e);
        }
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
