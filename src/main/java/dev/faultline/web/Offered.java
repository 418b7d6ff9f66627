package dev.faultline.web;

import java.util.List;
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

    /** A version as people read it, with a mark where only crashes named it; of one that is not offered nothing is said. */
    String shown(String ofSoftware, String version) {
        List<Release> named = releases.stream()
                .filter(release -> release.version().equals(version)
                        && (ofSoftware.isEmpty() || release.software().equals(ofSoftware)))
                .toList();
        return named.isEmpty() || named.stream().anyMatch(Release::registered) ? version : version + " (unregistered)";
    }

    /** A choice of the versions of one software type, or of all where that is empty. */
    Choice choice(String name, String label, String all, String ofSoftware, @Nullable String chosen) {
        return Choice.of(name, label, all, versions(ofSoftware), version -> shown(ofSoftware, version), chosen);
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
