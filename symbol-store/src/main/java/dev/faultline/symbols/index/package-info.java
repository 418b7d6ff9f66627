/**
 * The symbol index: what addresses of one image mean, compiled once from its debug file, mapped and looked up for ever
 * after. In: the ELF and DWARF of a debug file. Out: {@link dev.faultline.symbols.index.SourceFrame}s, unwind rows,
 * functions and data by name.
 *
 * <h2>The file</h2>
 *
 * Little-endian, sections one behind the other without padding, in the order of {@code IndexFormat.Part}; written once
 * under a temporary name, forced to the disk and renamed. A <i>word</i> is 4 bytes in a 32-bit image and wherever all
 * addresses of a 64-bit image lie within 4 GiB of the lowest one, else 8; an address is a word that counts from the
 * base. {@code uleb} and {@code sleb} are DWARF's variable-length numbers.
 *
 * <pre>
 * 0    "FLTINDEX"
 * 8    u32 format version            12  u32 bytes of the header
 * 16   u64 bytes of the file
 * 24   u16 e_machine                 26  u8 address size       27  u8 byte order (1 little, 2 big)
 * 28   u8 bytes of a word            29  u8 bytes of build id  30  u16 number of sections
 * 32   u64 base
 * 40   build id, 64 bytes
 * 104  per section: u32 kind, u32 CRC-32C, u64 offset, u64 size
 * ...  u32 CRC-32C of the header up to here
 * </pre>
 *
 * FUNCTION_STARTS is searched for the last start at or below the address; FUNCTIONS says how long the function is (an
 * address behind its end is in a gap and means nothing) and where in PAYLOAD it goes on:
 *
 * <pre>
 * uleb names                     number in NAMES
 * uleb bytes of inlined calls    then for each, parents first:
 *   uleb parent                  place of the call around plus 1; 0: the function itself
 *   uleb names, file, line, column of the call (file: number in FILES from 1; 0: none)
 * uleb runs                      where there are more than 32, for each block of 32:
 *   u64 distance of its first run from the function's start, u32 place behind the last of these anchors
 * then for each run; at the start of a block distance, file and line count from the anchor and 0:
 *   uleb distance from the run before
 *   uleb innermost inlined call (its place plus 1; 0: none)
 *   sleb file, sleb line         differences to the run before
 *   uleb column
 * </pre>
 *
 * <h2>An example</h2>
 *
 * In {@code code-at-flash-dwarf4.elf} of the fixtures {@code feed} begins at 0x08000028 and has 0x3c bytes; into it
 * {@code push} is inlined, into that {@code advance}, into that {@code wrap}. Its payload begins
 *
 * <pre>
 * 04                    names 4: feed
 * 0f                    15 bytes of inlined calls
 *   00 01 01 45 10      place 0: in feed, names 1 (push), called at file 1, line 69, column 16
 *   01 02 01 18 15      place 5: in place 0, names 2 (advance), called at line 24, column 21
 *   06 03 01 13 0c      place 10: in place 5, names 3 (wrap), called at line 19, column 12
 * 11                    17 runs, one block, no anchors
 *   00 00 01 c4 00 27   from +0: feed itself, file 1, line 68, column 39
 *   04 00 00 7e 01      from +4: feed itself, the same file, line 66, column 1
 *   02 01 00 57 15      from +6: the call at place 0, line 25, column 21
 * </pre>
 *
 * so that the frames of 0x0800002e are {@code push} at line 25 and {@code feed} at line 69.
 *
 * <p>Unwind rows (ROW_ANCHORS, ROWS, RULES) are explained at {@code UnwindRows}. Rules repeat: a firmware of 8,000 rows has
 * 250 different ones.
 */
@NullMarked
package dev.faultline.symbols.index;

import org.jspecify.annotations.NullMarked;
