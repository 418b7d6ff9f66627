package dev.faultline.release;

import jakarta.enterprise.context.ApplicationScoped;

/** Compares releases. */
@ApplicationScoped
@SuppressWarnings("DoNotCallSuggester") // filled by the next commits
public class Comparisons {

    /** Compares two releases of a software type; one that nobody has seen or registered is a 404 problem. */
    public Comparison of(long projectId, String software, String baseline, String candidate) {
        throw new UnsupportedOperationException();
    }
}
