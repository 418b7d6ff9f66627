package dev.faultline.cluster;

import dev.faultline.fingerprint.Fingerprint;
import org.jspecify.annotations.Nullable;

/** The keys of a variant, as {@link Fingerprint} tells them. */
public record Keys(GroupKey k1, @Nullable GroupKey k2, GroupKey k3, GroupKey k8, boolean incomplete) {

    public static Keys of(Fingerprint fingerprint) {
        return of(fingerprint.k1(), fingerprint.k2(), fingerprint.k3(), fingerprint.k8(), fingerprint.incomplete());
    }

    static Keys of(String k1, @Nullable String k2, String k3, String k8, boolean incomplete) {
        return new Keys(
                GroupKey.of(k1), k2 == null ? null : GroupKey.of(k2), GroupKey.of(k3), GroupKey.of(k8), incomplete);
    }
}
