package dev.faultline.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.cluster.Crashes;
import dev.faultline.fleet.Rollbacks.RolledBack;
import dev.faultline.heartbeat.Beats;
import dev.faultline.heartbeat.Beats.Beat;
import dev.faultline.ops.PostgresResource;
import dev.faultline.ops.Transactions;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
class RollbacksTest {
    private final Instant now = Instant.now().truncatedTo(ChronoUnit.HOURS);

    @Inject
    Crashes crashes;

    @Inject
    Beats beats;

    @Inject
    Transactions transactions;

    @Inject
    Releases releases;

    private Crashes.TestProject project;

    @BeforeEach
    void aReleaseAndWhatItWasMadeFrom() throws SQLException {
        project = crashes.project();
        register("1.0", null);
        register("1.1", "1.0");
        register("1.2", "1.1");
    }

    private void register(String version, @Nullable String parent) {
        releases.register(project.id(), new Registration(version, "main-fw", null, parent, null, null, null), now);
    }

    /** Each word is {@code version@days ago}. */
    private void ran(String device, String... words) {
        for (String word : words) {
            int at = word.indexOf('@');
            Instant time = now.minus(Duration.ofHours(Math.round(24 * Double.parseDouble(word.substring(at + 1)))));
            beats.arrive(project.id(), List.of(new Beat(device, word.substring(0, at), time, "rev-a", "")));
        }
    }

    private Part count(String version) {
        long id = releases.find(project.id(), "main-fw", version).orElseThrow().id();
        return transactions.snapshot(connection -> Rollbacks.count(connection, id));
    }

    @Test
    void aDeviceThatReportsWithinAWeekWhatItsReleaseContainsWentBack() {
        ran("back", "1.0@9", "1.2@6", "1.0@4");
        ran("stayed", "1.0@9", "1.2@6", "1.2@1");
        assertThat(count("1.2")).isEqualTo(new Part(2, 1));
        assertThat(count("1.0")).as("an update is none").isEqualTo(new Part(2, 0));
    }

    @Test
    void afterAWeekItIsADecision() {
        ran("late", "1.2@20", "1.2@14", "1.0@12");
        assertThat(count("1.2")).isEqualTo(new Part(1, 0));
    }

    @Test
    void aReleaseOfWhichNobodyKnowsWhetherItIsOlderIsNone() {
        ran("elsewhere", "1.2@6", "0.9-custom@4");
        assertThat(count("1.2")).isEqualTo(new Part(1, 0));
        register("0.9-custom", null);
        assertThat(count("1.2")).as("a line of its own").isEqualTo(new Part(1, 0));
    }

    @Test
    void theDevicesSayWhenAndToWhat() {
        ran("a", "1.2@6", "1.1@5");
        ran("b", "1.2@6", "1.0@5.5", "1.1@5");
        ran("c", "1.1@6", "1.2@5");
        long id = releases.find(project.id(), "main-fw", "1.2").orElseThrow().id();
        List<RolledBack> devices = transactions.snapshot(connection -> Rollbacks.list(connection, id, "", 10));
        assertThat(devices).extracting(RolledBack::name).containsExactly("a", "b");
        assertThat(devices).extracting(RolledBack::version).containsExactly("1.1", "1.0");
        assertThat(devices.getFirst().at()).isEqualTo(now.minus(Duration.ofDays(5)));
        assertThat(transactions.<List<RolledBack>>snapshot(connection -> Rollbacks.list(connection, id, "a", 10)))
                .extracting(RolledBack::name)
                .containsExactly("b");
    }
}
