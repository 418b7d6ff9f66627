package dev.faultline.cluster;

import java.util.List;

/**
 * How crashes are grouped now, and how other keys would group them.
 *
 * @param flows which crashes of which variant get which keys
 * @param resting variants that have one of the new keys and no crash, in clusters without any
 * @param apart what people took apart
 */
public record Grouping(List<Flow> flows, List<Held> resting, List<Apart> apart) {
    public Grouping {
        flows = List.copyOf(flows);
        resting = List.copyOf(resting);
        apart = List.copyOf(apart);
    }

    /**
     * A variant as it is.
     *
     * @param key its cluster key
     * @param origin its cluster key, but of one that an unfinished job moves crashes to: that of the one they come from
     * @param held by what a person did: it stays with its cluster's heart whatever the keys say
     * @param placed a person put this very variant there, so it keeps its key as well
     */
    public record Held(
            long id,
            long cluster,
            GroupKey key,
            GroupKey origin,
            Keys keys,
            String signature,
            boolean held,
            boolean placed) {}

    /**
     * A variant as it is to be.
     *
     * @param key its cluster key
     * @param stack one of the stacks that it is of
     */
    public record Wanted(GroupKey key, Keys keys, String signature, long stack) {

        /** Before it is known which other variants there are. */
        public Wanted(Keys keys, String signature, long stack) {
            this(keys.k3(), keys, signature, stack);
        }

        Wanted with(GroupKey clusterKey) {
            return clusterKey.equals(key) ? this : new Wanted(clusterKey, keys, signature, stack);
        }

        GroupKey k8() {
            return keys.k8();
        }
    }

    /** Crashes of one variant that are to be of another one, or of the same. */
    public record Flow(Held from, Wanted to, long crashes) {}

    /** Crashes that stay in their variant, as the one of these keys is in a cluster that people took theirs apart from. */
    public record Stays(long variant, GroupKey k8) {}

    /** A variant on one side of an edit that took variants apart. */
    public record Apart(long edit, long variant, long side) {}
}
