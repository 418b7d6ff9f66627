package dev.faultline.access;

import dev.faultline.http.Problem;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a credential may do; every endpoint names the one it wants with {@code @PermissionsAllowed}. {@code admin} holds
 * all the others.
 */
public final class Scope {
    /** Post crashes and heartbeats: all that a device needs, and all that a project key has. */
    public static final String INGEST = "ingest";
    /** Upload symbols: what firmware CI needs. */
    public static final String SYMBOLS = "symbols";
    /** See everything in a project. */
    public static final String READ = "read";
    /** Change clusters, releases and gates. */
    public static final String WRITE = "write";
    /** Users, tokens, projects. */
    public static final String ADMIN = "admin";

    /** Every scope there is. */
    public static final Set<String> ALL = Set.of(INGEST, SYMBOLS, READ, WRITE, ADMIN);

    private Scope() {}

    /** The same scopes, if there is at least one and all exist; else a 400 problem. */
    static Set<String> known(@Nullable Set<String> asked) {
        if (asked == null || asked.isEmpty()) {
            throw Problem.badRequest("scopes-missing", "scopes is missing: some of %s", sorted());
        }
        for (String scope : asked) {
            if (!ALL.contains(scope)) {
                throw Problem.badRequest(
                        "unknown-scope", "\"%s\" is not a scope; there are %s", Texts.shown(scope), sorted());
            }
        }
        return Set.copyOf(asked);
    }

    static boolean allows(Set<String> held, String wanted) {
        return held.contains(wanted) || held.contains(ADMIN);
    }

    private static String sorted() {
        return String.join(", ", new TreeSet<>(ALL));
    }
}
