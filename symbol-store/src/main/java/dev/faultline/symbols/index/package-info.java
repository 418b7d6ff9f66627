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
 * {@code feed} at 0x08000028 has 0x3c bytes, and {@code push} is inlined at ring.c:69:16; for 0x0800002e FUNCTION_STARTS
 * gives {@code feed}, distance 6. Its runs begin
 *
 * <pre>
 * 00 00 02 88 01 27     distance 0, no call, file 1, line 68 (+ 68, sleb c4 00), column 39
 * ...
 * 02 01 00 6a 15        distance 6, call at place 0, line 25, column 21
 * </pre>
 *
 * so that the frames are {@code push} at ring.c:25:21 and, out of the call's record, {@code feed} at ring.c:69:16.
 *
 * <p>Unwind rows: ROW_STARTS is searched in the same way; ROW_RULES gives the place of the row in RULES plus 1, or 0 where
 * rows end. Rules repeat: a firmware of 8,000 rows has 250 different ones.
 */
@NullMarked
package dev.faultline.symbols.index;

import org.jspecify.annotations.NullMarked;
