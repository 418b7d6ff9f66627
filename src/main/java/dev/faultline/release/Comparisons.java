package dev.faultline.release;

import dev.faultline.cluster.RollUps;
import dev.faultline.exposure.ReleaseHours;
import dev.faultline.exposure.ReleaseHours.Hours;
import dev.faultline.fleet.Containment;
import dev.faultline.fleet.ReleaseFleets;
import dev.faultline.fleet.Releases;
import dev.faultline.http.Problem;
import dev.faultline.ops.Transactions;
import dev.faultline.release.ReleaseCounts.ClusterCount;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Compares releases. */
@Singleton
public class Comparisons {
    private final Transactions transactions;
    private final Releases releases;
    private final RollUps rollUps;
    private final ReleaseHours hours;
    private final ReleaseFleets fleets;

    Comparisons(
            Transactions transactions, Releases releases, RollUps rollUps, ReleaseHours hours, ReleaseFleets fleets) {
        this.transactions = transactions;
        this.releases = releases;
        this.rollUps = rollUps;
        this.hours = hours;
        this.fleets = fleets;
    }

    /** Compares two releases of a software type; one that nobody has seen or registered is a 404 problem. */
    public Comparison of(long projectId, String software, String baseline, String candidate) {
        Releases.Found before = release(projectId, software, baseline);
        Releases.Found after = release(projectId, software, candidate);
        if (before.id() == after.id()) {
            throw Problem.badRequest("same-release", "baseline and candidate are both %s", baseline);
        }
        rollUps.catchUp(projectId);
        hours.catchUp(projectId);
        return transactions.snapshot(
                connection -> compared(connection, projectId, software, before, after, Instant.now()));
    }

    private Comparison compared(
            Connection connection,
            long projectId,
            String software,
            Releases.Found before,
            Releases.Found after,
            Instant now)
            throws SQLException {
        ReleaseCounts counts = ReleaseCounts.read(connection, projectId, before.id(), after.id());
        ReleaseHours.Known known = hours.known(connection, before.id(), after.id());
        List<Hours> operated = known == null
                ? List.of()
                : hours.since(connection, known.source(), List.of(before.id(), after.id()), Instant.EPOCH);
        ComparedExposure exposure = exposure(counts, known, operated, after.id());
        var comparing = new Comparing(counts, exposure);
        List<ClusterCount> told = comparing.told();
        ReleaseCounts.describe(connection, told, before.id(), after.id());
        String baseline = before.release().version();
        String candidate = after.release().version();
        return comparing.of(
                software,
                baseline,
                candidate,
                Containment.of(connection, projectId, software, candidate, baseline),
                told,
                RegressedClusters.in(connection, projectId, software, candidate),
                ReleaseFacts.read(connection, fleets, known, operated, before.id(), after.id(), now));
    }

    /** Hours of one of them alone compare nothing. */
    private static ComparedExposure exposure(
            ReleaseCounts counts, ReleaseHours.@Nullable Known known, List<Hours> hours, long candidate) {
        if (known != null) {
            var byHours = ComparedExposure.ofHours(known.source(), hours, candidate);
            if (byHours.all().baseline() > 0 || counts.baseline().crashes() == 0) {
                return byHours;
            }
        }
        return ComparedExposure.ofDevices(counts);
    }

    private Releases.Found release(long projectId, String software, String version) {
        return releases.find(projectId, software, version).orElseThrow(() -> Releases.notFound(software, version));
    }
}
