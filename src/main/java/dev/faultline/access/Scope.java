package dev.faultline.access;

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

    private Scope() {}
}
