/**
 * The cause of a crash. In: fault registers, the crashed stack, the threads. Out: a
 * {@link dev.faultline.symbols.fault.Diagnosis}: one sentence for a person and a reason family.
 */
@NullMarked
package dev.faultline.symbols.fault;

import org.jspecify.annotations.NullMarked;
