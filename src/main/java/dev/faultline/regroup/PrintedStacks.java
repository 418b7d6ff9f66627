package dev.faultline.regroup;

import dev.faultline.cluster.GroupKey;
import dev.faultline.cluster.Grouping.Wanted;
import dev.faultline.cluster.Keys;
import dev.faultline.cluster.StackKeys;
import dev.faultline.crash.Stacks;
import dev.faultline.fingerprint.Fingerprint;
import dev.faultline.fingerprint.Fingerprinter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The stacks of a project with the keys that some rules give them. Twelve bytes a stack, for there may be a million of
 * them; what there is to know of a variant stands once.
 */
final class PrintedStacks implements StackKeys {
    private static final int FIRST_SIZE = 1024;
    private static final int TOLD_EVERY = 1000;

    private final Stacks stacks;
    private final long projectId;
    private final Fingerprinter.ByRules rules;
    private final Map<GroupKey, Integer> places = new HashMap<>();
    private final List<Wanted> variants = new ArrayList<>();
    private long[] ids = new long[FIRST_SIZE];
    private int[] variantOf = new int[FIRST_SIZE];
    private int size;

    PrintedStacks(Stacks stacks, long projectId, Fingerprinter.ByRules rules) {
        this.stacks = stacks;
        this.projectId = projectId;
        this.rules = rules;
    }

    /** Makes the keys of all stacks. */
    void all(LongConsumer done) {
        stacks.each(projectId, stack -> {
            add(stack);
            if (size % TOLD_EVERY == 0) {
                done.accept(size);
            }
        });
    }

    /** Makes the keys of some stacks, in the order of their ids. */
    void some(Connection connection, List<Long> wanted) throws SQLException {
        stacks.some(connection, projectId, wanted, this::add);
    }

    private void add(Stacks.Stack stack) {
        Fingerprint fingerprint = rules.of(stack.input());
        if (size == ids.length) {
            ids = Arrays.copyOf(ids, 2 * size);
            variantOf = Arrays.copyOf(variantOf, 2 * size);
        }
        ids[size] = stack.id();
        variantOf[size] = places.computeIfAbsent(GroupKey.of(fingerprint.k8()), _ -> {
            variants.add(new Wanted(Keys.of(fingerprint), fingerprint.signature(), stack.id()));
            return variants.size() - 1;
        });
        size++;
    }

    @Override
    public @Nullable Wanted of(long stack) {
        int place = Arrays.binarySearch(ids, 0, size, stack);
        return place < 0 ? null : variants.get(variantOf[place]);
    }

    int size() {
        return size;
    }

    /** Ids from a place on, in their order. */
    List<Long> ids(int from, int most) {
        return Arrays.stream(ids, from, Math.min(size, from + most)).boxed().toList();
    }

    /** Makes the fingerprint of one stack again. */
    Fingerprint fingerprint(Connection connection, long stack) throws SQLException {
        List<Fingerprint> found = new ArrayList<>(1);
        stacks.some(connection, projectId, List.of(stack), of -> found.add(rules.of(of.input())));
        return Objects.requireNonNull(found.isEmpty() ? null : found.getFirst(), "a stack is gone");
    }
}
