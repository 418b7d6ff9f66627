package dev.faultline.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
class TransactionsTest {

    @Inject
    Transactions transactions;

    @Test
    void aSnapshotDoesNotSeeWhatOthersCommitWhileItReads() {
        long later = transactions.snapshot(connection -> {
            long before = projects(connection);
            transactions.durable(this::addProject);
            assertThat(projects(connection)).isEqualTo(before);
            return before + 1;
        });

        assertThat(transactions.snapshot(TransactionsTest::projects)).isEqualTo(later);
    }

    @Test
    void aSnapshotOnlyReads() {
        assertThatThrownBy(() -> transactions.snapshot(this::addProject))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("read-only transaction");
    }

    private int addProject(Connection connection) throws SQLException {
        try (var insert = connection.prepareStatement("insert into project (name) values (?)")) {
            insert.setString(1, "p-" + UUID.randomUUID());
            return insert.executeUpdate();
        }
    }

    private static long projects(Connection connection) throws SQLException {
        try (var select = connection.createStatement();
                var row = select.executeQuery("select count(*) from project")) {
            row.next();
            return row.getLong(1);
        }
    }
}
