/**
 * What a report has no room for: globals and memory of one crash, out of its coredump and the symbols of its project, at the
 * moment somebody asks.
 */
@NullMarked
package dev.faultline.examination;

import org.jspecify.annotations.NullMarked;
