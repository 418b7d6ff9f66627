/**
 * A project's own rules about frames. In: rules as people write them, and the reports of crashes. Out: the rules that the
 * pipeline makes fingerprints with, and what a change of them would do.
 */
@NullMarked
package dev.faultline.rules;

import org.jspecify.annotations.NullMarked;
