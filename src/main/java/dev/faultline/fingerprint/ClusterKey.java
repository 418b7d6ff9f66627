package dev.faultline.fingerprint;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The key that variants of one cluster share. It is k3 wherever the stack is complete. An incomplete one can not tell in
 * which operation its innermost function failed; where all complete stacks with that function failed in one and the same, it
 * takes theirs, and as soon as there is a second one it is on its own. So it depends on which variants there are, and not on
 * which of them came first.
 *
 * @param key 64 hexadecimal digits
 * @param because why it is not the variant's own k3; null where it is
 */
public record ClusterKey(String key, @Nullable String because) {
    private static final String SAME_FUNCTION =
            "its stack is incomplete, and every complete one with the same innermost function is in this cluster";
    private static final String SAME_FUNCTIONS =
            "its stack is incomplete, and every complete one in the same two functions of the image is in this cluster";

    /**
     * Of an incomplete variant; two members of a set say as much as all.
     *
     * @param sameK1 k3 of complete variants with its k1
     * @param sameK2 k3 of complete variants with its k2
     */
    public static ClusterKey ofIncomplete(String k3, Set<String> sameK1, Set<String> sameK2) {
        String key = chosen(k3, sameK1, sameK2);
        if (key.equals(k3)) {
            return ofComplete(k3);
        }
        return new ClusterKey(key, sameK1.size() == 1 ? SAME_FUNCTION : SAME_FUNCTIONS);
    }

    /** The same of keys in another form. */
    public static <K> K chosen(K k3, Set<K> sameK1, Set<K> sameK2) {
        if (sameK1.contains(k3) || sameK2.contains(k3)) {
            return k3;
        }
        if (sameK1.size() == 1) {
            return sameK1.iterator().next();
        }
        return sameK2.size() == 1 ? sameK2.iterator().next() : k3;
    }

    /** Of a variant that says in which operation it crashed. */
    public static ClusterKey ofComplete(String k3) {
        return new ClusterKey(k3, null);
    }
}
