/**
 * Devices, releases and hardware revisions. In: who crashed, running what, and what CI registers. Out: their ids, and
 * lists of them.
 */
@NullMarked
package dev.faultline.fleet;

import org.jspecify.annotations.NullMarked;
