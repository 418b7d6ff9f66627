package dev.faultline.web;

import dev.faultline.access.Project;
import dev.faultline.cluster.ClusterId;
import dev.faultline.cluster.GroupingDifference;
import java.util.List;

/** A split, a join or a new name: clusters with their addresses, and what they are called before and after. */
public record GroupingChange(String kind, List<Cluster> from, List<String> before, List<String> after, String crashes) {

    public record Cluster(String id, String url) {}

    static GroupingChange of(Project project, String kind, GroupingDifference.Example change) {
        return new GroupingChange(
                kind,
                change.from().stream()
                        .map(ClusterId::toString)
                        .map(id -> new Cluster(
                                id,
                                Address.ofProject(project.name(), "clusters", id)
                                        .toString()))
                        .toList(),
                change.before(),
                change.after(),
                Words.number(change.crashes()));
    }
}
