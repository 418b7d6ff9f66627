/**
 * What devices say while they work. In: heartbeats, JSON or CBOR, one or many. Out: their rows, what each device runs since when,
 * and roll-ups of hours of operation, active devices and metrics.
 */
@NullMarked
package dev.faultline.heartbeat;

import org.jspecify.annotations.NullMarked;
