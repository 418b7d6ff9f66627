/** ELF: headers, sections, symbols, notes. In: the bytes of a file. Out: records named as in the gABI. */
@NullMarked
package dev.faultline.symbols.elf;

import org.jspecify.annotations.NullMarked;
