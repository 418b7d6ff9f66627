package dev.faultline.fleet;

import java.util.Comparator;

/** What names a release within a project: one version of one software type. */
public record ReleaseName(String software, String version) implements Comparable<ReleaseName> {
    private static final Comparator<ReleaseName> ORDER =
            Comparator.comparing(ReleaseName::software).thenComparing(ReleaseName::version);

    @Override
    public int compareTo(ReleaseName other) {
        return ORDER.compare(this, other);
    }
}
