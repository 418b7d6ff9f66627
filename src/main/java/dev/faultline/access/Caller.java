package dev.faultline.access;

import java.security.Principal;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who makes a request: the principal of every identity that is not anonymous. */
public sealed interface Caller extends Principal {

    /** What it may do. */
    Set<String> scopes();

    /** The only project whose data it may see or change; null means every project. */
    @Nullable
    Project project();

    /** In local mode: whoever reaches the loopback address. */
    record LocalOwner() implements Caller {
        @Override
        public String getName() {
            return "local";
        }

        @Override
        public Set<String> scopes() {
            return Scope.ALL;
        }

        @Override
        public @Nullable Project project() {
            return null;
        }
    }

    /** Someone with access to the files of the server: holds the secret in {@code admin-token}. */
    record MachineOwner() implements Caller {
        @Override
        public String getName() {
            return "admin-token";
        }

        @Override
        public Set<String> scopes() {
            return Set.of(Scope.ADMIN);
        }

        @Override
        public @Nullable Project project() {
            return null;
        }
    }

    /** A project key or an API token. */
    record TokenHolder(
            long id,
            String label,
            Set<String> scopes,
            @Nullable Project project) implements Caller {
        public TokenHolder {
            scopes = Set.copyOf(scopes);
        }

        @Override
        public String getName() {
            return "token " + id + " (" + label + ")";
        }
    }

    /**
     * A person with a session.
     *
     * @param name the account's
     * @param csrf what forms send back in the field {@code csrf} and scripts in the header {@code X-CSRF-Token}
     */
    record SignedInUser(long accountId, String name, Set<String> scopes, String csrf) implements Caller {
        public SignedInUser {
            scopes = Set.copyOf(scopes);
        }

        @Override
        public String getName() {
            return name;
        }

        @Override
        public @Nullable Project project() {
            return null;
        }
    }
}
