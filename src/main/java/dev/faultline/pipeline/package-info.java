/**
 * From accepted bytes to a report in a cluster. In: jobs of the crash queue. Out: processed, waiting or quarantined
 * crashes. The only package that knows the order of all the stages.
 */
@NullMarked
package dev.faultline.pipeline;

import org.jspecify.annotations.NullMarked;
