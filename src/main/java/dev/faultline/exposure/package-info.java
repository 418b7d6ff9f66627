/**
 * How long devices were in operation, and what they measured. In: what heartbeats and crashes left. Out: device-hours, with the
 * source that they are from, and metrics by release.
 */
@NullMarked
package dev.faultline.exposure;

import org.jspecify.annotations.NullMarked;
