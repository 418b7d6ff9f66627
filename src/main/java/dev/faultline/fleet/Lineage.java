package dev.faultline.fleet;

import dev.faultline.ops.Fragment;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The releases of one software type in the order of the graph. */
public final class Lineage {
    private static final String READ = """
            select id, version, branch, parents, registered_at is not null, deleted_at is not null
            from release where project_id = ? and software = ?
            order by id desc
            limit ?
            """;

    private final Map<String, Node> nodes;
    private final VersionScheme scheme;

    private record Node(
            long id,
            String version,
            @Nullable String branch,
            List<String> parents,
            boolean registered,
            boolean deleted) {}

    private Lineage(Map<String, Node> nodes, VersionScheme scheme) {
        this.nodes = nodes;
        this.scheme = scheme;
    }

    /** Those that became known last, as many as are put in order. */
    public static Lineage read(Connection connection, long projectId, String software) throws SQLException {
        Map<String, Node> nodes = new LinkedHashMap<>();
        try (var query = Fragment.prepare(connection, READ, List.of(projectId, software, Releases.MOST_ORDERED));
                var row = query.executeQuery()) {
            while (row.next()) {
                boolean registered = row.getBoolean(5);
                var node = new Node(
                        row.getLong(1),
                        row.getString(2),
                        row.getString(3),
                        registered ? Registering.texts(row, 4) : List.of(),
                        registered,
                        row.getBoolean(6));
                nodes.put(node.version(), node);
            }
        }
        return new Lineage(
                nodes, SoftwareTypes.of(connection, projectId, software).scheme());
    }

    /** The one of a higher version first, then the one that became known last. */
    private Comparator<Node> byVersion() {
        return Comparator.<Node>comparingInt(node -> scheme.reads(node.version()) ? 0 : 1)
                .thenComparing((one, other) -> scheme.reads(one.version()) && scheme.reads(other.version())
                        ? scheme.compare(other.version(), one.version())
                        : 0)
                .thenComparing(Node::id, Comparator.reverseOrder());
    }

    /** Ids of what is not deleted: descendants before their ancestors; what nobody registered has no place and comes last. */
    public List<Long> newestFirst() {
        return ordered().stream().map(Releases.Ordered::id).toList();
    }

    /** The same with what they are. */
    List<Releases.Ordered> ordered() {
        Set<Node> order = new LinkedHashSet<>();
        Map<String, Integer> descendantsToCome = new HashMap<>();
        nodes.values()
                .forEach(node -> node.parents().forEach(parent -> descendantsToCome.merge(parent, 1, Integer::sum)));
        var ready = new PriorityQueue<>(byVersion());
        nodes.values().stream()
                .filter(node -> node.registered() && !descendantsToCome.containsKey(node.version()))
                .forEach(ready::add);
        while (!ready.isEmpty()) {
            Node node = ready.remove();
            order.add(node);
            for (String parent : node.parents()) {
                boolean last = descendantsToCome.merge(parent, -1, Integer::sum) == 0;
                Node next = nodes.get(parent);
                if (last && next != null && next.registered()) {
                    ready.add(next);
                }
            }
        }
        // of a circle, which databases of before may hold, none is the first; and at last what nobody registered
        Stream<Node> rest = nodes.values().stream()
                .filter(node -> !order.contains(node))
                .sorted(Comparator.comparing(node -> !node.registered()));
        return Stream.concat(order.stream(), rest)
                .filter(node -> !node.deleted())
                .map(node -> new Releases.Ordered(node.id(), node.version(), node.registered()))
                .toList();
    }

    /**
     * The release before one: its nearest ancestor that is registered, not deleted and, where the scheme tells, no
     * pre-release. Where CI named no parents, the next older one of its branch by the scheme.
     */
    Optional<String> previous(String version) {
        Node node = nodes.get(version);
        if (node == null || !node.registered()) {
            return Optional.empty();
        }
        return node.parents().isEmpty()
                ? olderOnBranch(node, this::isSuitable).min(byVersion()).map(Node::version)
                : nearestAncestor(node);
    }

    /**
     * Ids of the registered releases that a registered one contains, itself left out, by their parents, or, where it names none,
     * by the declared scheme within its branch. There may be more, by commits that CI listed: {@link Containment} knows.
     */
    public Set<Long> containedIn(long id) {
        Node node = nodes.values().stream()
                .filter(one -> one.id() == id && one.registered())
                .findFirst()
                .orElse(null);
        if (node == null) {
            return Set.of();
        }
        Set<Long> contained = new LinkedHashSet<>();
        var next = new ArrayDeque<Node>();
        next.add(node);
        while (!next.isEmpty()) {
            made(next.remove())
                    .filter(from -> from.id() != id && contained.add(from.id()))
                    .forEach(next::add);
        }
        return contained;
    }

    private Stream<Node> made(Node node) {
        return node.parents().isEmpty()
                ? olderOnBranch(node, Lineage::isRegistered)
                : node.parents().stream().map(nodes::get).filter(Lineage::isRegistered);
    }

    private Optional<String> nearestAncestor(Node node) {
        Set<String> seen = new HashSet<>();
        var next = new ArrayDeque<>(node.parents());
        while (!next.isEmpty()) {
            List<Node> generation = next.stream()
                    .filter(seen::add)
                    .map(nodes::get)
                    .filter(Lineage::isRegistered)
                    .toList();
            Optional<Node> nearest =
                    generation.stream().filter(this::isSuitable).min(byVersion());
            if (nearest.isPresent()) {
                return nearest.map(Node::version);
            }
            next.clear();
            generation.forEach(ancestor -> next.addAll(ancestor.parents()));
        }
        return Optional.empty();
    }

    private static boolean isRegistered(@Nullable Node node) {
        return node != null && node.registered();
    }

    private boolean isSuitable(Node node) {
        return node.registered() && !node.deleted() && !scheme.isPreRelease(node.version());
    }

    private Stream<Node> olderOnBranch(Node node, Predicate<Node> wanted) {
        if (node.branch() == null || !scheme.reads(node.version())) {
            return Stream.empty();
        }
        return nodes.values().stream()
                .filter(wanted)
                .filter(other -> node.branch().equals(other.branch())
                        && scheme.reads(other.version())
                        && scheme.compare(other.version(), node.version()) < 0);
    }
}
