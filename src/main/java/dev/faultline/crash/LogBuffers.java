package dev.faultline.crash;

import dev.faultline.ops.Transactions;
import dev.faultline.symbols.logs.LogBuffer;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The rings of text that a project named; crashes are read with them. */
@ApplicationScoped
public class LogBuffers {
    private final Transactions transactions;
    private final CrashQueue queue;

    LogBuffers(Transactions transactions, CrashQueue queue) {
        this.transactions = transactions;
        this.queue = queue;
    }

    /** In the order in which they were named. */
    public List<LogBuffer> of(long projectId) {
        return transactions.read(connection -> {
            try (var select = connection.prepareStatement(
                    "select symbol, head, size from log_buffer where project_id = ? order by place")) {
                select.setLong(1, projectId);
                var buffers = new ArrayList<LogBuffer>();
                try (var row = select.executeQuery()) {
                    while (row.next()) {
                        buffers.add(new LogBuffer(row.getString(1), row.getString(2), row.getString(3)));
                    }
                }
                return List.copyOf(buffers);
            }
        });
    }

    /** Names all of them anew; the crashes that were read without are read again. */
    void replace(long projectId, List<LogBuffer> buffers, Instant now) {
        transactions.durable(transaction -> {
            lock(transaction, projectId);
            try (var delete = transaction.prepareStatement("delete from log_buffer where project_id = ?")) {
                delete.setLong(1, projectId);
                delete.executeUpdate();
            }
            insert(transaction, projectId, buffers);
            return queue.releaseProject(transaction, projectId, now);
        });
        queue.wake();
    }

    /** One at a time. */
    private static void lock(Connection transaction, long projectId) throws SQLException {
        try (var select = transaction.prepareStatement("select id from project where id = ? for update")) {
            select.setLong(1, projectId);
            select.executeQuery().close();
        }
    }

    private static void insert(Connection transaction, long projectId, List<LogBuffer> buffers) throws SQLException {
        try (var insert = transaction.prepareStatement(
                "insert into log_buffer (project_id, place, symbol, head, size) values (?, ?, ?, ?, ?)")) {
            for (int place = 0; place < buffers.size(); place++) {
                insert.setLong(1, projectId);
                insert.setInt(2, place);
                insert.setString(3, buffers.get(place).symbol());
                insert.setString(4, buffers.get(place).head());
                insert.setString(5, buffers.get(place).size());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }
}
