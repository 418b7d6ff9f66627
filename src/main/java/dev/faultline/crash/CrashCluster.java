package dev.faultline.crash;

import dev.faultline.cluster.ClusterId;

/** The cluster a crash belongs to, and what it is called. */
public record CrashCluster(ClusterId id, String signature) {}
