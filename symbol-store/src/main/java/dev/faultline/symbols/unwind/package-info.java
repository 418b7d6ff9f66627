/**
 * Stacks: from registers and memory to frames. In: a coredump and the unwind rows of its modules. Out:
 * {@link dev.faultline.symbols.unwind.Frame}s, each with the way it was found.
 */
@NullMarked
package dev.faultline.symbols.unwind;

import org.jspecify.annotations.NullMarked;
