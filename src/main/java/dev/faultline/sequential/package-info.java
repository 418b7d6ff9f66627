/**
 * Tests that hold however often one looks. In: counts and exposures. Out: e-values, whose expectation is at most 1 as long as
 * the hypothesis is true: 20 of them is one chance in twenty.
 */
@NullMarked
package dev.faultline.sequential;

import org.jspecify.annotations.NullMarked;
