/**
 * The symbol index: what addresses of one image mean, compiled once from its debug file, mapped and looked up for ever
 * after. In: the ELF and DWARF of a debug file. Out: {@link dev.faultline.symbols.index.SourceFrame}s, unwind rows,
 * functions and data by name. {@code faultline symbols dump FILE} prints an index as it is written.
 *
 * <h2>The file</h2>
 *
 * Format version 3. Little-endian, sections one behind the other without padding, in the order of
 * {@code IndexFormat.Part}; written once under a temporary name, forced to the disk and renamed. A <i>word</i> is 4 bytes
 * in a 32-bit image and wherever all addresses of a 64-bit image lie within 4 GiB of the lowest one, else 8; an address
 * is a word that counts from the base. {@code uleb} and {@code sleb} are DWARF's variable-length numbers.
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
 * <h3>Functions and lines</h3>
 *
 * FUNCTION_STARTS (addresses, ascending) is searched for the last start at or below the address; FUNCTION_PLACES (u32, in
 * the same order) says where the function's part of PAYLOAD is. An address behind the function's end lies in a gap and
 * means nothing.
 *
 * <pre>
 * uleb size                      bytes of the function
 * uleb names
 * uleb entry                     its entry in .debug_info plus 1; 0: none
 * uleb file                      the function's own: number in FILES from 1; 0: none
 * uleb folded functions          then for each: uleb names
 * uleb bytes of inlined calls    then for each, parents first:
 *   uleb up                      how far back the call around is; 0: the function itself
 *   uleb names
 *   uleb file                    the called function's own
 *   uleb file of the call        plus 1; 0: the own file of what is around
 *   uleb line, uleb column       of the call
 * uleb runs                      ranges with one source position
 * anchors                        where there are more than 8 runs: u8 size of an anchor, 4 or 8; then for each block of
 *                                8 but the first: where it begins, from the function's start and behind the anchors
 *                                (u16 each, or u32)
 * for each run, where a block begins anew from the function's call, file, line 0 and column 0:
 *   u8 flags                     bits 0 to 2: distance from the run before in steps, 0: uleb bytes follow
 *                                bits 3 and 4: 0 the line as before, 1 one more, 2 sleb follows, 3 no source position
 *                                bit 5: another innermost call, bit 6: another file, bit 7: another column
 *   uleb distance                where the steps are 0
 *   sleb call                    difference of places; the call's own file holds from here
 *   uleb file
 *   sleb line                    difference
 *   uleb column
 * </pre>
 *
 * The place of a call is where it stands among the calls plus 1; 0 is the function itself. A step is what instructions
 * are multiples of: 2 bytes on ARM and RISC-V, 4 on AArch64, PowerPC and MIPS, else 1. <i>Names</i> are twice the rank of
 * a text, which is the linker's name where one is known, and the source's follows by demangling; where it does not, they
 * are twice the number of a pair in NAME_PAIRS (u32 rank of the source's name, u32 rank of the linker's) plus 1.
 *
 * <h3>Texts and tables</h3>
 *
 * <pre>
 * TEXTS           all texts, ascending by their UTF-8 bytes: the number of a text is its rank. In blocks of 16: of the
 *                 first uleb length and bytes; of the others uleb bytes in common with the one before, uleb length of
 *                 the rest, and the rest
 * TEXT_BLOCKS     u32 for each block: where it begins
 * FILES           u32 rank of the directory with its slash, u32 rank of the name
 * FUNCTION_NAMES  u32 rank, address; ascending
 * DATA            globals: u32 rank, address, word size; ascending
 * DATA_PLACES     u32 numbers of those that have a place, ascending by address
 * TEXT            the executable ranges: address, word size
 * SUMMARY         what was said about the debug file
 * </pre>
 *
 * Unwind rows (ROW_ANCHORS, ROWS, RULES) are explained at {@code UnwindRows}, a rule's bytes at
 * {@link dev.faultline.symbols.dwarf.UnwindRules}. Rules repeat: a firmware of 8,000 rows has 250 different ones.
 *
 * <h2>An example</h2>
 *
 * In {@code code-at-flash-dwarf4.elf} of the fixtures {@code feed} begins at 0x08000028 and has 0x3c bytes; into it
 * {@code push} is inlined, into that {@code advance}, into that {@code wrap}. Its payload begins
 *
 * <pre>
 * 3c                    60 bytes
 * 1a                    text 13: feed
 * af 02                 described at 0x12e of .debug_info
 * 02                    file 2: /fixture/sources/ring.c
 * 00                    no other function was folded into it
 * 12                    18 bytes of inlined calls
 * 00 20 02 00 45 10     place 1: in feed, text 16 (push) of file 2, called at line 69, column 16
 * 06 14 02 00 18 15     place 7: in place 1, text 10 (advance), called at line 24, column 21
 * 06 2a 02 00 13 0c     place 13: in place 7, text 21 (wrap), called at line 19, column 12
 * 11                    17 runs, so three blocks
 * 04                    anchors of 4 bytes
 * 1c 00 20 00           the second block begins at +0x1c, 32 bytes behind the anchors
 * 36 00 39 00           the third at +0x36
 * 90 00 c4 00 27        from +0: a line and a column follow, line 68, column 39
 * 92 7e 01              from +4, two steps on: line 66, column 1
 * b1 01 57 15           from +6: the call at place 1 (push), line 25, column 21
 * </pre>
 *
 * so that the frames of 0x0800002e are {@code push} at line 25 and {@code feed} at line 69. Its unwind rows begin
 *
 * <pre>
 * 01                    addresses of rows are multiples of 2
 * 01                    from the first anchor, 0x08000000: rule 1
 * 01 03                 2 bytes on: rule 3
 * 13 01                 38 bytes on: rule 1, at 0x08000028 where feed begins
 * </pre>
 *
 * and rule 1 is
 *
 * <pre>
 * 00                    nothing special
 * 0e                    the return address is in register 14
 * 0d 00                 the frame's address is register 13 plus 0
 * 00                    no register was saved
 * </pre>
 */
@NullMarked
package dev.faultline.symbols.index;

import org.jspecify.annotations.NullMarked;
