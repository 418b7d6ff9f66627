package dev.faultline.web;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The names that filters offer to pick from.
 *
 * @param software software types, by name
 * @param releases versions of all of them, the newest first
 * @param hardware hardware revisions, by name
 * @param reasons reason families that clusters have, by label
 */
record Offered(List<String> software, List<Release> releases, List<String> hardware, List<String> reasons) {

    Offered {
        software = List.copyOf(software);
        releases = List.copyOf(releases);
        hardware = List.copyOf(hardware);
        reasons = List.copyOf(reasons);
    }

    /** Whether it is registered: else its version says nothing of its place among the others. */
    record Release(String software, String version, boolean registered) {}

    /** Versions of one software type, or of all where that is empty; each once, the newest first. */
    List<String> versions(String ofSoftware) {
        return releases.stream()
                .filter(release -> ofSoftware.isEmpty() || release.software().equals(ofSoftware))
                .map(Release::version)
                .distinct()
                .toList();
    }

    /** A choice of the versions of one software type, or of all where that is empty. */
    Choice choice(String name, String label, String all, String ofSoftware, @Nullable String chosen) {
        var registered = releases.stream()
                .filter(Release::registered)
                .map(Release::version)
                .collect(Collectors.toSet());
        return Choice.of(
                name,
                label,
                all,
                versions(ofSoftware),
                version -> registered.contains(version) ? version : version + " (unregistered)",
                chosen);
    }

    /** The filters that every list of a project has, as they are set. */
    List<Choice> choices(Filters filters) {
        return List.of(
                Choice.of("software", "Software", "all", software, filters.get("software")),
                choice("release", "Release", "all", filters.text("software"), filters.get("release")),
                Choice.of("hardware", "Hardware", "all", hardware, filters.get("hardware")),
                Choice.of("reason", "Reason", "all", reasons, filters.get("reason")),
                Choice.since(filters.get("since")));
    }
}
