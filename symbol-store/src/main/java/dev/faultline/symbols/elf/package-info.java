/**
 * ELF: headers, sections, symbols, notes. In: the bytes of a file. Out: records named as in the gABI.
 *
 * <p>What a file has is shown as one {@link dev.faultline.symbols.elf.ElfFile}, however it is kept: sections that are
 * packed ({@code SHF_COMPRESSED}, {@code .zdebug_}) come unpacked; objects before linking come relocated and with an
 * address for each section ({@code ObjectLayout}); an image without section headers has those that its program headers
 * allow ({@code SectionsOfSegments}); symbols packed into a stripped image ({@code .gnu_debugdata}) stand beside its own;
 * a stripped image and its debug file are joined, each section from the one that has it.
 *
 * <p>A build is named by its GNU build id: the note of owner {@code GNU} and type 3 in any section of notes, else in a
 * PT_NOTE segment, of 1 to 64 bytes (linkers write 8, 16 or 20, and what they are told to). One of no bytes, of more than
 * 64 or of zeros only is none. Without one, as linkers of IAR, Keil and Go leave it, the SHA-256 of the file names the
 * build; Go's own build id is a text and names nothing here. Notes of other owners (QNX, FreeBSD, Android, Xen) are read
 * and are no build ids, whatever their type.
 */
@NullMarked
package dev.faultline.symbols.elf;

import org.jspecify.annotations.NullMarked;
