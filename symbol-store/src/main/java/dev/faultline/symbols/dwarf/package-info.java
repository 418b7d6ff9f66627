/**
 * DWARF 2 to 5, one file per section. In: sections of an ELF file. Out: functions, inlined calls, lines and rows of call
 * frame information, in the standard's words. An unknown form or opcode costs its unit or its entry, never the file.
 */
@NullMarked
package dev.faultline.symbols.dwarf;

import org.jspecify.annotations.NullMarked;
