package dev.faultline.fleet;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.faultline.ops.Rows;
import dev.faultline.ops.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What became of the devices that ran a release. Of a few devices that is found out whenever somebody asks; of more than
 * {@value #FEW} it takes seconds, and the answer is up to {@link #FRESH_FOR} old.
 */
@ApplicationScoped
public class ReleaseFleets {
    /** Changes of release that are looked at while somebody waits. */
    static final int FEW = 20_000;

    /** After so long an answer is found out again while the old one is given. */
    static final Duration FRESH_FOR = Duration.ofMinutes(5);

    /** An answer that nobody wanted for so long is forgotten. */
    private static final Duration KEPT_FOR = Duration.ofHours(1);

    private static final int MOST_ANSWERS = 1000;

    private static final String MANY =
            "select count(*) from (select from device_history where release_id = ? limit ?) h";

    private static final String DEVICES = "select count(distinct device_id) from device_history where release_id = ?";

    private final SilentDevices silentDevices;
    private final LoadingCache<Long, Long> devices;
    private final LoadingCache<Since, Part> silent;
    private final LoadingCache<Long, Part> rolledBack;

    /** A release from a time on. */
    private record Since(long release, Instant from) {}

    ReleaseFleets(Transactions transactions, SilentDevices silentDevices) {
        this.silentDevices = silentDevices;
        this.devices = answers().build(release -> transactions.read(connection -> count(connection, release)));
        this.silent = answers()
                .build(asked -> transactions.read(
                        connection -> silentDevices.count(connection, asked.release(), asked.from(), Instant.now())));
        this.rolledBack =
                answers().build(release -> transactions.read(connection -> Rollbacks.count(connection, release)));
    }

    private static Caffeine<Object, Object> answers() {
        return Caffeine.newBuilder()
                .maximumSize(MOST_ANSWERS)
                .refreshAfterWrite(FRESH_FOR)
                .expireAfterAccess(KEPT_FOR);
    }

    /** How many devices ever ran a release. */
    public long devices(Connection connection, long release) throws SQLException {
        return many(connection, release) ? devices.get(release) : count(connection, release);
    }

    /** Those that ran it at {@code from} or later and fell silent on it; see {@link SilentDevices#count}. */
    public Part silent(Connection connection, long release, Instant from, Instant now) throws SQLException {
        return many(connection, release)
                ? silent.get(new Since(release, from))
                : silentDevices.count(connection, release, from, now);
    }

    /** Those that ran it and went back; see {@link Rollbacks#count}. */
    public Part rolledBack(Connection connection, long release) throws SQLException {
        return many(connection, release) ? rolledBack.get(release) : Rollbacks.count(connection, release);
    }

    private static boolean many(Connection connection, long release) throws SQLException {
        return Rows.ids(connection, MANY, List.of(release, FEW + 1)).getFirst() > FEW;
    }

    /** Devices that ever ran a release, each of them looked at. */
    static long count(Connection connection, long release) throws SQLException {
        return Rows.ids(connection, DEVICES, List.of(release)).getFirst();
    }
}
