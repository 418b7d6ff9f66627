/**
 * What a report has no room for: globals and memory of one crash, and its coredump for a debugger, out of the stored bytes
 * and the symbols of its project, at the moment somebody asks.
 */
@NullMarked
package dev.faultline.examination;

import org.jspecify.annotations.NullMarked;
