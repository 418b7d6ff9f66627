/**
 * The crashes: their rows, their reports, and the queue of those that wait for the pipeline. In: accepted uploads and
 * finished reports. Out: lists and details for people and programs.
 */
@NullMarked
package dev.faultline.crash;

import org.jspecify.annotations.NullMarked;
