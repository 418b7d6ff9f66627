package dev.faultline.cluster;

import dev.faultline.fleet.Sighting;
import dev.faultline.ops.Fragment;
import java.util.UUID;

/**
 * What a crash is counted under, beside its fingerprint and its {@code effective_at}.
 *
 * @param crash the crash's id; its row exists
 * @param more what else is written of it, as assignments of an update that begin with a comma: a new version of the row goes
 *     into a dozen indexes, so it is written once
 */
public record CrashFacts(UUID crash, Sighting sighting, Fragment more) {

    public CrashFacts(UUID crash, Sighting sighting) {
        this(crash, sighting, new Fragment());
    }
}
