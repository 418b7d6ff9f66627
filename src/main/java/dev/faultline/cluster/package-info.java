/**
 * Clusters of crashes: what people call an issue. In: a fingerprint and what its crash is counted under. Out: the
 * variant and cluster it belongs to, ranked lists, details.
 */
@NullMarked
package dev.faultline.cluster;

import org.jspecify.annotations.NullMarked;
