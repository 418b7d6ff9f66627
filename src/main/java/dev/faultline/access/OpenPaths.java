package dev.faultline.access;

/** What answers without credentials when authentication is on: health, log-in, static files; nothing else. */
final class OpenPaths {
    static final String LOGIN = "/login";

    private OpenPaths() {}

    /** The path is a normalised one, without dots and escapes. */
    static boolean contains(String path) {
        return path.equals(LOGIN)
                || path.equals("/q/health")
                || path.startsWith("/q/health/")
                || path.startsWith("/static/")
                || path.equals("/favicon.ico")
                || path.equals("/favicon.svg");
    }

    /** Programs get problems, people get pages. */
    static boolean forPrograms(String path) {
        return path.startsWith("/api/") || path.startsWith("/q/");
    }
}
