/**
 * What variables held: types and locations to values. In: frames with their registers, memory, and the debugging
 * information of the kept debug files, of which only the units that are asked for are read. Out: arguments, locals and
 * globals as {@link dev.faultline.symbols.variables.Value}s, which tell what was optimised away, what the dump does not
 * have and what can not be read apart.
 */
@NullMarked
package dev.faultline.symbols.variables;

import org.jspecify.annotations.NullMarked;
