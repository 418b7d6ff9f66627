package dev.faultline.cluster;

/**
 * Where a crash belongs.
 *
 * @param variant the variant's id
 * @param because why the variant is in this cluster, in words
 * @param newCluster whether this crash opened it
 */
public record Assignment(long variant, ClusterId cluster, String because, boolean newCluster) {}
