package dev.faultline.fleet;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What CI says of a release; what it leaves out stays as it was, and what was said before can not be said differently.
 *
 * @param version as the device reports it
 * @param software software type
 * @param branch the line it belongs to, such as {@code main}
 * @param parent version it was made from
 * @param parents the same where there are several, as of a merge; together with {@code parent} no more than
 *     {@value Releases#MOST_PARENTS}
 * @param commit what it was built of
 * @param contains other commits that are in it, 7 to 64 hexadecimal digits each, no more than
 *     {@value Releases#MOST_COMMITS}. They are compared whole with the {@code commit} of other releases
 */
public record Registration(
        @Nullable String version,
        @Nullable String software,
        @Nullable String branch,
        @Nullable String parent,
        @Nullable List<@Nullable String> parents,
        @Nullable String commit,
        @Nullable List<@Nullable String> contains) {

    /** A release of one parent or none, and of a commit that nothing is said of. */
    public static Registration of(String software, String version, @Nullable String branch, @Nullable String parent) {
        return new Registration(version, software, branch, parent, null, null, null);
    }

    /** The same release with these parents. */
    public Registration from(String... versions) {
        return new Registration(version, software, branch, null, List.of(versions), commit, contains);
    }

    /** The same release, built of a commit. */
    public Registration builtOf(String commitId) {
        return new Registration(version, software, branch, parent, parents, commitId, contains);
    }

    /** The same release with other commits in it. */
    public Registration with(String... commits) {
        return new Registration(version, software, branch, parent, parents, commit, List.of(commits));
    }
}
