package dev.faultline.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.cluster.Crashes;
import dev.faultline.ops.PostgresResource;
import dev.faultline.ops.Transactions;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
class ContainmentTest {
    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00Z");

    @Inject
    Crashes crashes;

    @Inject
    Releases releases;

    @Inject
    Transactions transactions;

    private long project;

    @BeforeEach
    void aProjectOfItsOwn() throws SQLException {
        project = crashes.project().id();
    }

    private void release(String version, @Nullable String parent) {
        releases.register(project, new Registration(version, "main-fw", null, parent, null), NOW);
    }

    private Containment contains(String version, String fix) {
        return transactions.read(connection -> Containment.of(connection, project, "main-fw", version, fix));
    }

    @Test
    void aReleaseContainsItselfRegisteredOrNot() {
        assertThat(contains("2.4.0", "2.4.0")).isEqualTo(Containment.YES);
    }

    @Test
    void aReleaseContainsItsAncestorsAndNotItsDescendants() {
        release("2.3.0", null);
        release("2.4.0", "2.3.0");
        release("2.5.0", "2.4.0");
        assertThat(contains("2.5.0", "2.3.0")).isEqualTo(Containment.YES);
        assertThat(contains("2.3.0", "2.5.0")).isEqualTo(Containment.NO);
    }

    @Test
    void aBackportOfALargerDateContainsNothingOfTheMainLine() {
        release("10.18.0", null);
        release("10.24.0", "10.18.0");
        release("10.18.7", "10.18.0");
        assertThat(contains("10.18.7", "10.24.0")).isEqualTo(Containment.NO);
        assertThat(contains("10.24.0", "10.18.7")).isEqualTo(Containment.NO);
    }

    @Test
    void aLargerNumberThatNobodyRegisteredSaysNothing() {
        release("2.4.0", null);
        assertThat(contains("999.9.9", "2.4.0")).isEqualTo(Containment.UNKNOWN);
        assertThat(contains("2.4.0", "2.5.0-to-come")).isEqualTo(Containment.UNKNOWN);
    }

    @Test
    void linesWithoutACommonAncestorSayNothing() {
        release("1.0.0", null);
        release("2.0.0", null);
        assertThat(contains("2.0.0", "1.0.0")).isEqualTo(Containment.UNKNOWN);
    }

    @Test
    void releasesInACircleAreReadAllTheSame() {
        release("a", "b");
        release("b", "a");
        assertThat(contains("a", "b")).isEqualTo(Containment.YES);
        assertThat(contains("a", "c")).isEqualTo(Containment.UNKNOWN);
    }
}
