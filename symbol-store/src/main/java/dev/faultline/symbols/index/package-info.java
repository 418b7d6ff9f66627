/**
 * The symbol index: what addresses of one image mean, compiled once from its debug file, mapped and looked up for ever
 * after. In: the ELF and DWARF of a debug file. Out: {@link dev.faultline.symbols.index.SourceFrame}s, unwind rows,
 * functions and data by name.
 */
@NullMarked
package dev.faultline.symbols.index;

import org.jspecify.annotations.NullMarked;
