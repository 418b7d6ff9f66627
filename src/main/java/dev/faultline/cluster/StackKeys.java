package dev.faultline.cluster;

import dev.faultline.cluster.Grouping.Wanted;
import org.jspecify.annotations.Nullable;

/** The keys that stacks are to have. */
@FunctionalInterface
public interface StackKeys {
    /** Of one stack, by its id; null for one that is not known. */
    @Nullable
    Wanted of(long stack);
}
