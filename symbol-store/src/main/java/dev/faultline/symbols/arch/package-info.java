/**
 * What differs by processor: registers and their DWARF numbers, what a call and a load look like, exceptions. In: words
 * out of registers and memory. Out: what they mean.
 */
@NullMarked
package dev.faultline.symbols.arch;

import org.jspecify.annotations.NullMarked;
