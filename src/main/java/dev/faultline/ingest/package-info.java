/**
 * Takes coredumps in and lets none go that it has acknowledged. In: uploads of devices. Out: durable bytes, a crash row
 * and a job. Parses nothing deeply.
 */
@NullMarked
package dev.faultline.ingest;

import org.jspecify.annotations.NullMarked;
