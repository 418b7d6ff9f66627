package dev.faultline.cluster;

import dev.faultline.fleet.Sighting;
import java.util.UUID;

/**
 * What a crash is counted under, beside its fingerprint and its {@code effective_at}.
 *
 * @param crash the crash's id; its row exists
 */
public record CrashFacts(UUID crash, Sighting sighting) {}
