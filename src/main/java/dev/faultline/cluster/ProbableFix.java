package dev.faultline.cluster;

/**
 * That a cluster is gone, as far as newer releases say: nobody said so.
 *
 * @param since the first version that would have shown it if it still had it, and did not
 * @param confidence 0 to 1
 */
public record ProbableFix(String since, double confidence) {}
