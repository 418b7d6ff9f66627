/**
 * What changed between two releases. In: the counters of clusters and the devices seen. Out: a
 * {@link dev.faultline.release.Comparison} that says how sure it is.
 */
@NullMarked
package dev.faultline.release;

import org.jspecify.annotations.NullMarked;
